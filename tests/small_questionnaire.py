"""A small questionnaire file with one of everything, for tests that break or walk it."""

from pathlib import Path

TEXT = """\
format: 1
id: small
version: 1.0.0
language: en
title: A small questionnaire
status: draft_untested
licence: CC-BY-4.0
stages:
  - {code: S01, key: before, text: Before, short: Before, heading_now: Think of now., heading_past: Think of then.}
  - {code: S02, key: after, text: After, short: After, heading_now: Think of today., heading_past: Think back.}
roles:
  - {code: patient, text: I am a patient, short: Patients}
  - {code: caregiver, text: I help a patient, short: Carers}
  - {code: bereaved, text: I helped a patient, short: Bereaved}
recall:
  none: {}
  this_stage: {prospective: stage, retrospective: stage}
response_sets:
  often:
    kind: ordinal
    options:
      - {code: never, value: 0, text: Never}
      - {code: sometimes, value: 1, text: Sometimes}
      - {code: always, value: 2, text: Always}
      - {code: dk, value: -99, text: I do not know}
    problem: [always]
  hard: {kind: rating, low: 0, high: 10, low_text: Not hard, high_text: Very hard, problem: [8, 9, 10]}
safety_messages:
  HELP: {title: Help, text: Please call., show: [emergency_number]}
endings:
  grief: {title: We are sorry, text: Thank you., safety: HELP}
modules:
  - id: SCR
    title: Before you start
    audience: [patient, caregiver, bereaved]
    items:
      - {id: A01, type: consent, text: I agree., page: consent, purpose: participation, required: true, privacy: P0}
      - {id: A02, type: consent, text: I agree to more., page: consent, purpose: reuse, privacy: P0}
      - id: A03
        type: role
        text: Who are you?
        required: true
        privacy: P1
        route: {when: "A03 == 'bereaved'", to: grief}
      - {id: A04, type: stage, text: Where are you?, required: true, privacy: P2}
  - id: MAIN
    title: Questions
    audience: [patient]
    items:
      - {id: B01, type: single, text: How often?, responses: often, recall: this_stage, privacy: P1}
      - {id: B02, type: single, text: And then?, responses: often, show_if: B01 >= 1, privacy: P1}
      - {id: B03, type: single, text: And after?, responses: often, show_if: answered(B02), privacy: P1}
      - id: B04
        type: multiple
        text: Which?
        max_choices: 2
        privacy: P1
        options:
          - {code: red, value: 1, text: Red}
          - {code: blue, value: 2, text: Blue}
          - {code: green, value: 3, text: Green}
          - {code: none, value: 9, text: None of these, exclusive: true}
      - {id: B05, type: rating, text: How hard?, responses: hard, privacy: P1}
      - {id: B06, type: number, text: How many?, low: 0, high: 20, privacy: P1}
      - {id: B07, type: date, text: When?, privacy: P2}
      - {id: B08, type: country, text: Where?, privacy: P2}
      - {id: B09, type: text, text: Anything else?, max_length: 20, privacy: P3, show_if: "stage == 'S02'"}
      - {id: B10, type: note, text: Nearly there., privacy: P0}
      - id: B11
        type: single
        text: Still upset?
        responses: often
        privacy: P1
        sensitive: true
        safety: {message: HELP, emphasise_if: B11 >= 2}
scales:
  - {id: SUM, name: Burden, method: linear_0_100, items: [B01, B02], low: 0, high: 2,
     direction: higher_worse, low_text: less, high_text: more}
"""


def write_small(folder: Path, text: str = TEXT, *, version: str = "1.0.0") -> Path:
    """Write the questionnaire into `folder`/small/VERSION; return the folder of the version."""
    target = folder / "small" / version
    target.mkdir(parents=True, exist_ok=True)
    (target / "questionnaire.yaml").write_text(text, "utf-8")
    return target
