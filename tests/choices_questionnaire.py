"""The small questionnaire with best-worst choices, a ranking and wordings for carers."""

from tests.small_questionnaire import TEXT as SMALL

DESIGNS = """\
designs:
  FOUR:
    objects:
      - {code: O1, text: One}
      - {code: O2, text: Two}
      - {code: O3, text: Three}
      - {code: O4, text: Four}
    versions:
      - [[O1, O2], [O3, O4]]
      - [[O1, O3], [O2, O4]]
      - [[O1, O4], [O2, O3]]
"""
CHOICES = """\
  - id: CHOICES
    title: Choices
    audience: [patient, caregiver]
    items:
      - {id: C01, type: best_worst, text: Best and worst?, design: FOUR, list: 1, privacy: P1}
      - {id: C02, type: best_worst, text: Best and worst?, design: FOUR, list: 2, privacy: P1}
      - id: C03
        type: multiple
        text: Which two?
        text_carer: Which two for them?
        design: FOUR
        max_choices: 2
        show_if: not answered(C01) and not answered(C02)
        privacy: P1
      - id: C04
        type: ranking
        text: In which order now?
        text_past: In which order then?
        text_carer: In which order for them now?
        text_carer_past: In which order for them then?
        places: 3
        recall: this_stage
        privacy: P1
        options:
          - {code: red, text: Red}
          - {code: blue, text: Blue}
          - {code: green, text: Green}
          - {code: grey, text: Grey}
      - {id: C05, type: single, text: Why not?, responses: often, show_if: "has(C04, 'red')", privacy: P1}
"""
TEXT = (
    SMALL.replace("safety_messages:\n", f"{DESIGNS}safety_messages:\n")
    .replace("scales:\n", f"{CHOICES}scales:\n")
    .replace("short: Carers}", "short: Carers, carer: true}")
    .replace("heading_now: Think of now.,", "heading_now: Think of now., heading_now_carer: Think of now with them.,")
)
"""A longer file; every text of it is a sound questionnaire, `small` version 1.0.0."""
