"""The report's own sentences: the English source, and a reader of one language of them.

A text is addressed by its key, which is the `msgctxt` of the catalogues in `translations/report/`.
Gaps in braces are filled with numbers and words that are already in the language of the report.
"""
# ruff: noqa: E501  # one sentence is one line, as in the catalogues

from collections.abc import Mapping
from dataclasses import dataclass

SOURCES: Mapping[str, str] = {
    # every page
    "kind": "Report of a patient survey",
    "page": "Page",
    "synthetic": "SYNTHETIC: invented people, no real answers",
    "draft": "Draft questions, not yet tested with patients",
    "wording": "Wording in this language: {state}",
    "state/source": "original",
    "state/draft": "draft, not yet reviewed by people",
    "state/reviewed": "reviewed",
    "state/debriefed": "tried out with patients",
    "state/approved": "approved",
    "quote": "“{text}”",
    "about": "about {n}",
    "of": "about {count} of {n}",
    "of_base": "of about {n}",
    "range": "{level} range {low} to {high}",
    "wide": "wide range",
    "few": "About {count} of {n} said {answers}.",
    "too_few": "Too few answers to show",
    "too_few_compare": "too few to compare",
    "unanimous": "More than {level} gave the same answer: {answer}",
    "said": "said {answers}",
    "band": "{low} to {high}",
    "on_scale": "{numbers} on the scale from 0 to 10",
    "scale_ends": "0: {low}. {top}: {high}.",
    # first page
    "front/lead": "{question} {share} of the people who answered said {answers} ({base}; {range}).",
    "front/where": "The share is largest at this step: {step} ({share}; {base}; {range}).",
    "front/matters": "What matters most for research",
    "front/asks": "What we ask for",
    "front/quote": "In their own words",
    "tile/countries": "countries that can be shown",
    "cover/period": "Answers given: {period}",
    "cover/release": "Release {release}",
    "cover/lead_none": "Too few people have answered for a headline. What can be shown stands on the next pages.",
    "tile/persons": "people in this release",
    "tile/whole": "sent the whole questionnaire",
    "tile/languages": "languages offered",
    # report of two pages, page about one country, annexes
    "short/heading": "What stands behind it",
    "sheet/too_few": "Too few answers from {country} to show by themselves.",
    "sheet/inside": "People from there are counted in this group: {group}.",
    "sheet/people": "This page is about the people from {country} in the largest group of patients ({n}).",
    "sheet/reference": "Points are average scores, bars their {level} range. The fine line is the average of all countries.",
    "sheet/mean": "Average, range",
    "annex/part": "Annex",
    "annex/questions": "The questions, word for word",
    "annex/questions_intro": "Every question whose answers are in this report, as people were asked, with all its answers.",
    "annex/otherwise": "Put otherwise, to people who look back or who support a patient",
    "annex/answers": "Answers",
    # people
    "people/everyone": "Everyone in this release",
    "people/patient.prospective": "Patients about the step they are in now",
    "people/patient.retrospective": "Patients looking back on a step",
    "people/caregiver": "People who support a patient",
    "people/proxy": "Patients for whom someone else answered",
    "eyebrow": "{part} · {people}",
    # key findings
    "key/part": "Key findings",
    "key/highest": "The burden is highest here: {step}",
    "key/flat": "The burden is much the same at every step that can be shown",
    "key/none": "What people told us",
    "key/intro": "These pages are about one group: {people} ({n}). Other groups have their own pages and are never mixed in.",
    "key/worst": "What weighs most",
    "key/worst_note": "Chosen by rule: the largest shares of hard answers, of all questions that at least half of this group answered, at most two from each part.",
    "key/journey": "{scale}, step by step",
    "key/journey_note": "Different people stand at each step. The band around each point is the {level} range.",
    "key/need": "Support that was needed and did not come",
    "key/need_note": "Share of the people who needed this help and got none or not enough.",
    "key/need_lead": "The largest gap: {need}. {share} of those who needed it got none or not enough ({base}).",
    "key/need_group": "It stands out in one group: {group} ({share}, {base}).",
    "key/need_nogroup": "No group stands out beyond chance variation.",
    "who/heading": "Who answered",
    "who/flow": "People who began: {begun}. Agreed: {agreed}. Sent the whole questionnaire: {whole}. Sent a part: {part}.",
    "who/line": "{people}: {n}",
    "missing/heading": "Who is missing",
    "missing/held": "Too few so far, held back for a later release: {people}.",
    "missing/stages": "Too few to stand alone: {stages}.",
    "missing/always": "Not asked at all: people in mourning, people who were never sent to a treatment centre, people without internet access.",
    "caution": "The range shows chance variation only. People chose to take part, so results may differ from all patients. This is not a margin of error for all patients in Europe.",
    "cite/heading": "How to cite",
    "cite/text": "{organisation}: {title}. Release {release}, {quarter}.",
    # pages of one module
    "module/part": "Answers",
    "module/recall": "Time asked about: {headings}",
    "module/recall_step": "the step that each person told about",
    "module/question": "Question",
    "module/answers": "Share of answers in {percent}",
    "module/problem": "Hard answers, range",
    "module/no": "Lacking, range",
    "module/option": "Answer",
    "module/need": "Kind of help",
    "module/need_col": "Not enough, range",
    "module/good": "better",
    "module/bad": "harder",
    "module/met": "got enough",
    "module/unmet": "not enough",
    "module/several": "Several answers were possible.",
    "module/numbers": "Below each bar: the shares in the order of the answers; after the line, people without an answer: {signs}.",
    # scores
    "scores/part": "Scores",
    "scores/heading": "Scores along the way",
    "scores/intro": "A score sums up several questions of one topic, from 0 to 100. Different people stand at each step; the band is the {level} range.",
    "scores/worse": "Here higher is harder",
    "scores/better": "Here higher is better",
    "groups/part": "Comparison",
    "groups/heading": "By country, age and sex",
    "groups/intro": "Points are average scores, bars their {level} range. The fine line is the average of this whole group. Where ranges overlap, the difference may be chance.",
    "groups/group": "Group",
    "groups/people": "People",
    "dimension/stage": "Step of the journey",
    "dimension/country": "Country or region",
    "dimension/age": "Age",
    "dimension/sex": "Woman, man, another way",
    "rest": "Others or not stated",
    "rest_of": "Other countries: {region}",
    "not_stated": "not stated",
    "members": "Includes: {members}",
    # who answered, other groups
    "people/part": "The people",
    "people/heading": "Who answered",
    "people/intro": "Facts about everyone in this release, as far as people wished to give them. Answers about the treatment follow apart for each group.",
    "others/part": "Another group, apart",
    "others/intro": "People in this group: {n}. Answers of different groups are never added up.",
    "others/shares": "Largest shares of hard answers",
    "others/facts": "Facts about themselves",
    "answered": "{n} answered",
    # method
    "method/part": "Method",
    "method/heading": "How this report was made, and how it protects people",
    "method/questions": "The questions",
    "method/questions_1": "Questionnaire {title}, version {version}. All questions could be skipped.",
    "method/questions_2": "The questions are a draft: they have not yet been tested with patients. Their results are a first look.",
    "method/people": "The people",
    "method/people_1": "People took part by their own choice. They are not a random sample, and nothing is weighted. They stand for themselves, not for all patients.",
    "method/people_2": "Answers about now, answers that look back, answers given by someone else, and answers of people who support a patient are counted apart.",
    "method/numbers": "The numbers",
    "method/numbers_1": "Ranges are {level} Wilson intervals, for averages intervals around the mean, both computed from rounded counts. They are not a margin of error. Of many comparisons some stand out by chance alone.",
    "method/numbers_2": "With fewer than {few} answers no percentage is printed; with fewer than {wide} it is marked as a wide range.",
    "method/numbers_3": "A score needs at least half of its questions. For this report each score counts as the nearest of 0, 25, 50, 75 and 100.",
    "method/missing": "Not counted as answers and kept apart: {kinds}.",
    "method/privacy": "The protection",
    "method/privacy_1": "Every count is rounded to the nearest multiple of {base}. Shares and averages are computed from rounded counts and need not add up to {whole}. A count of 0 can stand for up to {below} people.",
    "method/noise_1": "Every count has a little noise, always the same for the same people. So parts need not add up to their total, nor shares to {whole}. Shares and averages are computed from these counts. A count of 0 can stand for a few people.",
    "method/privacy_2": "No group of fewer than {smallest} people is shown. Groups that are too small stand together with their neighbours or wait for a later release.",
    "method/privacy_3": "Where more than {high} of a group gave the same answer, only “more than {high}” is said, and “less than {low}” of all others.",
    "method/privacy_5": "In groups of fewer than {people} people this limit is {share}.",
    "method/privacy_4": "Text that people wrote themselves is not part of this report. A new release needs at least {delta} new people.",
    "method/languages": "State of the translations",
    "method/language": "{language}: {state}",
    "method/release": "This release",
    "method/approved": "Two people of the study team had to agree to this release: one proposed it, another read what attacks on it had found and approved it.",
    "method/seal": "Seal (SHA-256, beginning): {seal}",
    "missing/not_answered": "left empty",
    "missing/not_reached": "stopped before",
    "missing/not_shown": "not asked because it did not apply",
    "missing/prefer_not": "preferred not to answer",
    "missing/not_applicable": "did not need it",
    "missing/dont_know": "did not know",
    # data tables
    "tables/part": "Data",
    "tables/heading": "The numbers behind the charts",
    "tables/scores": "Average scores with {level} range",
    "tables/share": "Share",
    # what a screen reader says of a picture
    "alt/bar": "{question} {answers}. {base}.",
    "alt/answer": "{answer}: {share}",
    "alt/share": "Bar: {label}, {share}, {range}.",
    "alt/score": "{scale}, {group}: {value} of 100, {range}.",
    "alt/journey": "Chart of {scale} by step. {points}.",
    "alt/point": "{step}: {value}",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Texts:
    """The report's sentences in one language. state: how far the translation has come."""

    language: str
    state: str
    texts: Mapping[str, str]

    def say(self, key: str, **gaps: str) -> str:
        """The sentence of `key`, its gaps filled."""
        return self.texts[key].format(**gaps)


ENGLISH = Texts(language="en", state="source", texts=SOURCES)
