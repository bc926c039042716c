"""Every error a person can meet: a code, and a sentence that says where, what is wrong, what to do."""
# ruff: noqa: E501  # one sentence is one line

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum


class Code(StrEnum):
    """What can be wrong. The value is the sentence, in English, with named gaps."""

    # questionnaire files
    FILE_MISSING = "There is no such file. Check the path."
    FILE_TOO_LARGE = (
        "The file has {size} bytes; at most {limit} are read. Split the questionnaire or remove what is not part of it."
    )
    FILE_NOT_TEXT = "The file is not UTF-8 text. Save it as UTF-8."
    YAML_BROKEN = (
        "The file cannot be read as YAML: {detail}. Correct this line; the rest of the file is checked after that."
    )
    YAML_ALIAS = "Anchors and aliases (& and *) are not allowed. Write the value out."
    YAML_TAG = "The tag {given} is not allowed. Remove it."
    YAML_TOO_DEEP = "The file nests deeper than {limit} levels. Flatten it."
    YAML_KEY_TWICE = "The key {given} stands here a second time. Keep one of the two."
    YAML_KEY_NOT_TEXT = "A key must be a word, not a list or a mapping. Correct it."
    YAML_NOT_A_MAPPING = (
        "The file must hold keys and values (id:, version:, modules: …). Start from an existing questionnaire."
    )
    KEY_UNKNOWN = "The key {given} is not known here. {hint}"
    KEY_MISSING = "The key {given} is missing. Add it."
    VALUE_WRONG = "{detail} Correct the value."
    ID_TWICE = "The id {given} is used a second time; ids are for ever. Give this one another id."
    REFERENCE_UNKNOWN = "{kind} {given} does not exist. {hint}"
    LOGIC_BROKEN = (
        "The condition “{given}” cannot be read: {detail}. Write it like: SC11 == 1 and stage in ['S01', 'S02']."
    )
    LOGIC_UNKNOWN_NAME = (
        "The condition names {given}, which is neither an item nor one of stage, wave. Correct the name."
    )
    LOGIC_POINTS_FORWARD = (
        "The condition names {given}, which is asked here or later. Only earlier items can decide. Move one of the two."
    )
    LOGIC_UNKNOWN_OPTION = (
        "The condition compares {given} with {value}, which is not one of its answers. Use one of: {known}."
    )
    OPTIONS_MISSING = "This item has no answers to choose from. Give responses: or options:."
    OPTIONS_DOUBLED = "This item has both responses: and options:. Keep one."
    SCALE_ITEM_UNFIT = "The scale {scale} takes {given}, whose answers have no numbers from {low} to {high}. Choose another item or correct the numbers."
    SENSITIVE_WITHOUT_SAFETY = "This item is marked sensitive and has no safety message. Add safety: with message:."
    QUASI_IDENTIFIER_WITHOUT_GENERALISATION = (
        "This item can help to find a person (P2) and has no generalise:. Add broader groups or drop_from_files: true."
    )
    GENERALISATION_INCOMPLETE = (
        "generalise: leaves out or doubles {given}. Each answer belongs to exactly one broader group."
    )
    REQUIRED_NOT_ALLOWED = (
        "Only consent, stage and screening questions of module SCR may be required. Remove required: true."
    )
    DESIGN_INCOMPLETE = "In a version of the design {given} these objects are unknown, missing or doubled: {value}. Every version shows every object once."
    DESIGN_UNEVEN = "The lists of the design {given} differ in number or length. Give all versions equally many lists, all of one length (2 or more)."
    DESIGN_LIST_UNKNOWN = "The design {given} gives each person {limit} lists. Write list: 1 to {limit}, each once."
    RANKING_TOO_MANY_PLACES = "This item has {limit} answers, so at most {limit} places. Lower places: or add answers."
    WINDOW_REVERSED = "The days of {given} end before they begin. Exchange day_from and day_to."
    TRANSLATION_MISSING = "{language}: {missing} of {total} texts have no translation, the first is {given}. Translate them or take the language out of the study."
    TRANSLATION_BROKEN = (
        "The translation file cannot be read: {detail}. Open it in a translation editor and save it again."
    )
    TRANSLATION_FUZZY = "{given} is marked fuzzy: its English changed or it is unsure. Review it and remove the mark."
    TRANSLATION_UNKNOWN = "{given} translates nothing in this version. Remove it or correct its context."
    TRANSLATION_STALE = "{given} was translated from another English sentence. Review it against the present one."
    TRANSLATION_TWICE = "{given} is translated twice in one file. Keep one of the two."
    TRANSLATION_PLACEHOLDER = (
        "{given}: the gaps {missing} of the English text must stand in the translation too. Add them unchanged."
    )
    TRANSLATION_STATE_WRONG = "X-Translation-State must be one of {known}, not {given}. Correct the header."
    TRANSLATION_LANGUAGE_WRONG = "The file is named {given} and its header says Language: {value}. Make them the same."
    PUBLISHED_CHANGED = (
        "This version is published and its file has changed since. Put the old file back and make a new version."
    )
    NOT_PUBLISHED = "This version is not published. Run: survey-app publish {given}"
    FOLDER_NAME_WRONG = "The file says {given}, but lies in the folder {value}. Make them the same."
    NOTHING_THERE = "No questionnaire was found here. Give a questionnaire.yaml or a folder that holds some."

    # studies
    STUDY_UNKNOWN = "There is no study {given}. Known: {known}."
    STUDY_ALREADY_OPEN = "The study {given} is open already. Nothing was changed."
    STUDY_CLOSED = "The study {given} is not open. Open it first."
    STUDY_LANGUAGE_MISSING = "The study offers {given}, which the questionnaire does not have completely. Remove it or finish the translation."
    STUDY_CHANGE_REFUSED = (
        "People have answered with {given}: {known}. While a study runs this cannot become: {value}. {hint}"
    )
    STUDY_GROUPS_CHANGED = "The new version asks in another way for what groups are made of: {given}. Keep these items as they are, or make a study with another id."
    STUDY_NOT_INVITED = "Everybody can begin the study {given}; invitations would open nothing. To ask for them, write entry: invitation into the file of a new study."
    INVITATION_KEY_MISSING = "The study {given} asks for invitations, which needs a key of their own. Give SURVEY_INVITATION_KEY, at least 32 characters, and try again."
    INVITATION_FILE_UNKNOWN = "Invitations are written as a table (.csv) or as cards to print (.pdf), not as {given}. Nothing was made. Choose a name that ends so."
    INVITATION_FILE_THERE = "There is a file {given} already, and the codes in it are shown nowhere else. Nothing was made. Choose another name."
    INVITATION_FILE_UNWRITABLE = "{given} cannot be written: {detail}. No invitation was made. Choose another place."
    INVITATION_ADDRESS_WRONG = (
        "{given} is not the address of a server. Nothing was made. Write it like https://survey.example.org"
    )
    STUDY_SAME = "The file says of the study {given} what it is already. Nothing was changed."
    VERSION_GONE = "Answers were begun on the questionnaire version {given}, which is no longer there. Nothing is lost. Put its folder back among the questionnaires and start the program again."
    BLOCK_TOO_SMALL = "A block puts at least two items on one screen. Add an item or remove the block."
    BLOCK_ITEM_TWICE = "The item {given} stands in a block already. Keep one of the two."
    BLOCK_NOT_NEIGHBOURS = "{given} does not follow the item before it in the questionnaire. A block holds neighbours of one module, in their order."
    BLOCK_OTHER_RECALL = (
        "{given} asks about another period than the first item of its block. A screen has one recall heading."
    )
    BLOCK_NEEDS_OWN_SCREEN = "{given} needs a screen of its own: a best-worst choice, or part of a page of the questionnaire. Take it out of the block."
    BLOCK_HANGS_ON_ITSELF = "{given} is shown or not by the answer to {value}, which stands in the same block. Put them on different screens."

    # help lines
    HELP_LINES_NOT_A_LIST = "The file must hold format: 1 and lines: with the help lines. Start from the example in it."
    HELP_LINE_EXPIRED = "{given} was good until {value} and is not shown. Check the number, then write checked_by, checked_on and expires anew."
    HELP_LINE_NOT_CHECKED = "{given} is not shown: nobody has checked it yet. Call the number, then write checked_by, checked_on and expires."
    HELP_LINE_GOOD_TOO_LONG = (
        "{given} would be good for {days} days after its check; 0 to {limit} are allowed. Correct expires."
    )

    # answers
    ANSWER_REQUIRED = "Please choose an answer here: we cannot go on without it."
    ANSWER_NOT_OFFERED = "This answer is not one of the choices. Please choose one from the list."
    ANSWER_TOO_MANY = "Please choose at most {limit}."
    ANSWER_CONTRADICTS = "“{given}” cannot be chosen together with other answers. Please keep one."
    ANSWER_NOT_A_NUMBER = "Please enter a whole number from {low} to {high}."
    ANSWER_OUT_OF_RANGE = "Please enter a number from {low} to {high}."
    ANSWER_NOT_A_DATE = "Please enter the date as shown in the example: {example}."
    ANSWER_TOO_LONG = "Your text has {length} characters; there is room for {limit}. Please shorten it."
    ANSWER_HALF = "You have chosen one of the two. Please choose the other one too, or skip this list."
    ANSWER_BEST_IS_WORST = "The same cannot matter most and least. Please change one of the two."
    ANSWER_RANK_TWICE = "You have given place {place} to more than one answer. Please give each place once."
    ANSWER_RANK_GAP = "You have left out place {place}. Please start with place 1 and leave none out."
    SCREEN_UNKNOWN = "There is no such question in this survey. Please go back and try once more."
    ANSWERS_FROZEN = (
        "A report was made from these answers, so they can no longer be changed. You can still delete them."
    )
    ANSWER_NOT_ASKED = "This page does not ask {given}. Nothing of it was saved. Answer what the page asks."
    CONSENT_NEEDED = "Without this agreement we may not use your answers. You can agree, or leave the survey."
    CODE_WRONG = "This code does not open any answers. Please check it letter by letter."
    INVITATION_WRONG = "This invitation code does not open the survey. Please check it letter by letter."
    CODE_TOO_OFTEN = "Too many tries. Please wait {minutes} minutes and try again."

    # releases
    RELEASE_TOO_FEW = "Fewer than {needed} people are ready for a release. Wait for more answers."
    RELEASE_TOO_FEW_NEW = "Fewer than {needed} people have joined since the last release. Wait until there are more."
    RELEASE_TOO_EARLY = "The last release is from {given}; the next may be made {days} days after it, in {value}."
    RELEASE_UNKNOWN = "There is no release {given}. See: survey-app release list"
    RELEASE_DAMAGED = "The stored release {given} does not have the hash it was sealed with. It is not used. Restore it from a backup."
    RELEASE_UNSAFE = (
        "The attacks on this release find sets of too few people. Nothing was released. "
        "Tell those who maintain the program; raising the smallest base may help until then."
    )
    RELEASE_TELLING = (
        "Everything published together tells too much about some people, and giving up groups was not enough. "
        "Nothing was released. Wait for more answers and try again with the next batch."
    )
    RELEASE_NOT_APPROVED = (
        "The release {given} is {value}. Nothing of a release leaves before a second person has approved it. "
        "See: survey-app release show {given}"
    )
    RELEASE_DECIDED = "The release {given} is {value} already. A decision is not taken back. Nothing was changed."
    RELEASE_OWN = "{given} proposed this release. Another person decides about it. Nothing was changed."
    RELEASE_FINDING_MISSING = "Write down what you find about identifiability in your own words (recital 26 of the GDPR). Nothing was changed."
    RELEASE_AUDIT_UNSEEN = "The audit of {given} was not confirmed as read. Read it, confirm, and decide again."
    RELEASE_LOOKED = (
        "On {given} a release of this study was refused because of the answers there were. That tells something about who "
        "has answered, so the answers are looked at once in {days} days. Try again on {value}."
    )
    RELEASE_ANSWERS_CHANGED = (
        "While the release was made, people corrected or deleted their answers again and again. Nothing was released. "
        "Try again at a quieter time."
    )
    MAKING_UNKNOWN = "There is no attempt {given} to make a release. Begin one from the list of releases."
    MAKING_WORKING = "A release of {given} is being made already. Wait until it is done."
    TRAIL_DAMAGED = (
        "The audit trail is not what was written, from entry {given} on. No release is made, approved or given out. "
        "Restore it from a backup."
    )
    RELEASE_UNEXPLAINED = (
        "This report has numbers that the release does not say: {given}. Nothing was released. "
        "Tell those who maintain the program."
    )
    RECORD_KEY_MISSING = (
        "From 5,000 people on, counts are protected by noise, which needs the record key. "
        "Give SURVEY_RECORD_KEY and make the release again."
    )
    RECORD_KEY_CHANGED = (
        "The record key is another one than in the releases before: all noise would change, and the differences would tell "
        "about people. Nothing was released. Restore the earlier SURVEY_RECORD_KEY from its backup."
    )
    POLICY_LOOSENED = (
        "{given} was {before} in the release before and would be {now}. A rule may be made stricter, never looser. "
        "Give at least the earlier value."
    )
    PRIVATE_NOISE_MISSING = (
        "SURVEY_PRIVATE_EPSILON asks for differential privacy, but the library for it is not installed. "
        "Install it with: pip install 'survey-app[private]', or set SURVEY_PRIVATE_EPSILON to 0."
    )
    PRIVATE_BUDGET_SPENT = (
        "The releases of this study have used epsilon {spent} of {budget}; this one would use {wanted} more. "
        "Nothing was released. The budget of a study is never refilled."
    )
    HIERARCHY_CONTRADICTS = (
        "In the groups of {given}, {value} stands there twice, or is no answer. "
        "Each answer belongs to one broader group at most. Correct the questionnaire, or the hierarchies of the study file."
    )
    HIERARCHY_CHANGED = (
        "The groups of {given} are not those of the releases before: {value} has another place or none. "
        "What was published is never divided anew. Use the questionnaire version of the releases before."
    )
    MENU_ITEM_NEVER = "{given} is never in a table. {detail} Take it out."
    MENU_ITEM_LEFT_OUT = "{given} is not among the items of this menu. Add it to items, or take it out here."
    MENU_TWICE = "{given} stands here twice. Keep one of the two."
    MENU_CROSSING_WRONG = "A crossing is of two or three different dimensions, not of {given}. Use some of: {known}."
    MENU_CROSSING_CUSTOM = (
        "{given} are three dimensions at once: a custom table. Leave it out here; after the first release it can be "
        "proposed with survey-app menu propose, for another person to approve."
    )
    MENU_DIMENSION_LEFT_OUT = "The crossing of {given} needs {value}, which this menu leaves out. Add it to dimensions, or remove the crossing."
    MENU_TIER = (
        "Tables by {given} are published from {needed} people on; the last release had fewer. "
        "Leave the crossing out, and propose it when there are more people."
    )
    MENU_NO_RELEASE = (
        "The study {given} has no release yet. Until the first one its menu is changed in the study file: "
        "survey-app study revise"
    )
    MENU_FROZEN = (
        "The menu of the study {given} is frozen since its first release. Leave publish as it was in the study file, and "
        "propose the change: survey-app menu propose"
    )
    MENU_SAME = "This menu is the one that is in force. Nothing was changed."
    MENU_NOTHING_PROPOSED = "No menu of the study {given} waits for approval. See: survey-app menu show {given}"
    MENU_OWN = "{given} proposed this menu. Another person must approve it."
    MENU_DAMAGED = (
        "The stored versions of the menu of {given} are not what was written. Nothing was released. "
        "Restore them from a backup."
    )
    EXTERNAL_LATER = "The quarter {given} has not begun. Enter a publication when it is out."
    EXTERNAL_TWICE = "The same group and item stand here a second time. Keep one of the two."
    EXTERNAL_KNOWN = "This publication of {given} was entered before. Nothing was changed."
    EXTERNAL_NOT_ROUNDED = "{given} is no multiple of {value}. Correct it, or rounded_to."
    EXTERNAL_COUNTS_OF_NOTHING = "These counts belong to no item. Name the item, or remove the counts."
    EXTERNAL_MORE_ANSWERS = "The answers add up to more people than the base. Correct the numbers."
    EXTERNAL_MORE_THAN_ALL = (
        "{given} are more people than took part in this study, so these are not the same people. Correct the base or the "
        "population; tables about other people are not entered."
    )
    EXTERNAL_DAMAGED = (
        "What was entered about publications of others for {given} is not what was written. Nothing was released. "
        "Restore it from a backup."
    )
    REPORT_LANGUAGE_MISSING = (
        "The report is not complete in {given}: {missing} texts have no translation. Choose one of: {known}."
    )
    ASKS_NOT_A_LIST = (
        "The file must hold asks: with one to three of them, each with text: and about:. See docs/reports.md."
    )
    ASK_LANGUAGE_MISSING = "This ask has no text in {missing}. Every language of the study needs one: add it."
    ASK_NUMBER_ABSENT = (
        "An ask rests on a number of the first page, and {given} has none there. Choose one of: {known}."
    )
    REPORT_ENDING = (
        "A report is written as .pdf, .html, .pptx (slides) or .zip (picture cards), not as {given}. Change the ending."
    )
    REPORT_COUNTRY_UNKNOWN = (
        "The release does not speak of the country {given}. Choose one of: {known}; two capital letters, such as FR."
    )
    REPORT_LIBRARY_MISSING = "A PDF needs the system library {given}. Install it, on Debian: apt-get install {value}"
    BUNDLE_UNKNOWN = "There is no file of rows {given}. Choose one from the list."
    BUNDLE_DAMAGED = (
        "The file of rows {given} is gone or changed. It is not given out. Make a new one: survey-app bundle"
    )
    BUNDLE_REFUSED_SIZE = (
        "A file of rows is given out from {needed} people on; this release has fewer. Use the tables of the release."
    )
    BUNDLE_REFUSED_RISK = "No way of coarsening keeps {needed} people alike and leaves out at most {limit} % of the rows. Use the tables of the release."
    BUNDLE_NEEDS_PURPOSE = "A file of rows for fewer than {needed} people is given out under contract only. State the contract: --purpose “…” --recipient “…”."

    # texts at the desk
    TEXT_GONE = "This text is no longer there: it was removed, or its author has deleted it. Go on with another one."
    TEXT_UNREADABLE = "This text cannot be read: SURVEY_TEXT_KEY is another key than the one it was stored with. Restore that key from its backup."
    TEXT_CHANGED = "Somebody has worked on this text since you opened it. Nothing was saved. What you wrote still stands here: compare it with what is there now, and save again."
    TEXT_USED = "A release has used this text. It cannot be changed any more."
    TEXT_NOT_WAITING = "This text does not wait for a second person now. Go back to the list."
    TEXT_SAME_PERSON = "You have worked on this text yourself. Another person of the desk must check it."
    TEXT_USE_MISSING = "Choose what shall become of this text."
    TEXT_TRANSLATION_MISSING = "A quote needs its words in {given}. Write them, or choose another use."
    TEXT_LANGUAGE_UNKNOWN = "{given} is not a language of this study. Use one of: {known}."
    TEXT_TOO_LONG = "The text in {given} has {length} characters; a quote has at most {limit}. Shorten it."
    TEXT_POINTS = "The text in {given} holds what no quote may hold: {value}. Take it out."
    TEXT_NOTE_MISSING = "Say in a few words why the text goes back, at most {limit} characters."
    TEXT_THEME_MISSING = "Choose at least one theme, or another use."
    THEME_UNKNOWN = "There is no theme {given} in this study. Choose one from the list."
    THEME_TWICE = "There is a theme {given} already. Choose another short name."
    THEME_CODE_WRONG = "The short name {given} cannot be used. Use 2 to 40 small letters, digits and hyphens."
    THEME_LABEL_MISSING = "A theme needs its name in {given}. Write it."
    THEME_LABEL_WRONG = "The name in {given} is longer than {limit} characters, or holds an address or number that points to somebody. Correct it."
    THEME_SEALED = "A release has printed the theme {given}. Its name cannot be changed any more; add another theme."
    VOICES_SEALED = "The voices of {given} are sealed already. They never change."
    VOICES_TOO_FEW = "Quotes and themes are shown from {needed} people on; {given} has fewer. Nothing was sealed."
    VOICES_OUT_OF_ORDER = (
        "The voices of the later release {given} are sealed already. Voices are sealed in the order of the releases."
    )
    VOICES_EMPTY = "Nothing is ready to be shown: no quote that two people have worked on, and no theme with {needed} people or more. Nothing was sealed."
    VOICES_DAMAGED = "The stored voices of {given} do not have the hash they were sealed with. They are not used. Restore them from a backup."

    # staff
    SIGN_IN_WRONG = "The name or the password is not right."
    SIGN_IN_TOO_OFTEN = "Too many tries. Wait {minutes} minutes and try again."
    STAFF_NAME_TAKEN = "There is a staff account {given} already. Choose another name."
    STAFF_PASSWORD_SHORT = "The password needs at least {limit} characters."  # noqa: S105  # a sentence
    STAFF_NOT_ALLOWED = "The account {given} is a {value}. Only a coordinator may do this."
    STAFF_UNKNOWN = "There is no staff account {given}."

    # settings
    SETTING_WRONG = "{given}: {detail}"
    SETTING_UNKNOWN = "{given} is not a setting. {hint}"
    DATABASE_NOT_MIGRATED = "The database is at {given}; this program needs {value}. Run: survey-app migrate"
    KEYRING_OTHER = (
        "The keys in the keyring were wrapped with another key than SURVEY_KEY_ENCRYPTION_KEY. Nothing was read or changed. "
        "Give the key that belongs to this keyring; it is in the backup of the keys."
    )
    SEALED_DAMAGED = (
        "Something that is stored encrypted was changed by something else than this program. It is not used. "
        "Restore the database from a backup."
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Problem:
    """One thing that is wrong.

    where: file and line, item id, setting or option; the place a person looks at.
    values: what fills the gaps of the sentence.
    """

    code: Code
    where: str = ""
    values: Mapping[str, str | int] = field(default_factory=dict)

    @property
    def sentence(self) -> str:
        """The sentence in English, gaps filled."""
        return self.code.value.format(**self.values)

    def __str__(self) -> str:
        return f"{self.where}: {self.sentence}" if self.where else self.sentence


class ProblemsFound(Exception):
    """Bad input; carries all problems of it at once."""

    def __init__(self, problems: Iterable[Problem]) -> None:
        self.problems = tuple(problems)
        super().__init__("\n".join(str(problem) for problem in self.problems))
