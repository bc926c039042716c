"""What the patient pages say beside the questionnaire: English here, one PO file per language.

`survey_app/translations/patient/LL.po`: the key is the msgctxt. Sentences are plain and formal.
"""

from collections.abc import Mapping
from functools import cache
from pathlib import Path

from babel import Locale
from babel.messages.pofile import read_po

FOLDER = Path(__file__).parent.parent.parent / "translations" / "patient"
LANGUAGES = ("en", "de", "fr", "es", "it", "nl", "pt", "ar", "pl", "el")
RIGHT_TO_LEFT = frozenset({"ar"})

ENGLISH: Mapping[str, str] = {
    # every page
    "skip_nav": "Skip to the content",
    "language": "Language",
    "draft_questions": "These questions are a draft and have not yet been tested with patients.",
    "draft_translation": "This translation is a draft and has not yet been reviewed.",
    "synthetic": "SYNTHETIC: this is a demonstration with invented people. Please enter nothing true about yourself.",
    "footer_privacy": "We store no name, no internet address and no device with your answers.",
    "footer_code": "I have a return code",
    "footer_info": "About this survey",
    "to_start": "To the start page",
    "needed": "needed",
    "error": "Error",
    # start
    "start_title": "Surveys that are open",
    "start_intro": "Choose your language and a survey.",
    "start_none": "No survey is open at present.",
    "start_return": "You have begun already? Enter your return code.",
    # information
    "info_who_h": "Who asks",
    "info_who": "{organisation} asks. If you have questions, please write to {contact}.",
    "info_what_h": "What it is about",
    "info_what": "We ask how you experience your treatment: what is hard, what helps and what is missing. "
    "There is one question on each page. You can skip questions, take a break and go on later.",
    "info_use_h": "How your answers are used",
    "info_use": "Your answers are counted together with those of many others. Only rounded counts are published, "
    "and only for groups that are large enough. The published reports can be read by everyone.",
    "info_recipients_h": "Who else receives something",
    "info_recipients": "Researchers may receive rows with broad groups instead of exact details, under a written "
    "agreement. What you write in your own words is in no table and in no such file.",
    "info_words_h": "What you write in your own words",
    "info_words": "We ask you apart whether short parts of it may be shown in reports. If you agree, people of the "
    "study team read it after a report has been counted. One takes out what points to you, shortens it "
    "and translates it. Another one checks it. If you delete your answers, your words go too. Only what a "
    "report has already quoted stays in that report.",
    "info_live_h": "No one reads along",
    "info_live": "No one reads your answers as they come in. This survey cannot give medical advice and cannot "
    "help in an emergency. In the European Union, the emergency number is 112.",
    "info_stored_h": "What we store",
    "info_stored": "We store your answers, and the language and wording in which you saw the questions. We do not "
    "ask for your name. We store no internet address, no device and no exact time with your answers.",
    "info_code_h": "Your return code",
    "info_code": "You will get a return code. With this code you can go on later, on any device and in any "
    "language. You can also see, correct, download or delete your answers. We do not know your code and cannot "
    "replace it.",
    "info_invitation_h": "Your invitation code",
    "info_invitation": "To begin, you need the code on your invitation. It works once. We note that it was used, but "
    "not when. We store nothing that links it to your answers.",
    "info_permit_h": "Your invitation code and your permit",
    "info_permit": "To begin, you need the code on your invitation and a browser with JavaScript. Your browser "
    "exchanges the code for a permit, which we sign without seeing it. So nobody can find out later which code "
    "belongs to which answers, not even those who run our server. The key with which we sign is the same for "
    "everybody:",
    "info_withdraw_h": "If you change your mind",
    "info_withdraw": "You can stop at any time. With your return code you can delete your answers. They are then "
    "in no later report. When a report is made, a copy of the answers behind it is frozen, without codes. Nobody "
    "can find yours in it, so it cannot be taken out again.",
    "info_resume": "You have begun this survey on this device.",
    "resume": "Go on where I stopped",
    # time
    "mode_title": "Which time do you want to tell us about?",
    "mode_prospective": "How it is now",
    "mode_prospective_help": "You answer for the present: today, the past days or the past weeks.",
    "mode_retrospective": "Looking back",
    "mode_retrospective_help": "You choose one earlier step of the treatment and answer for that time.",
    # consent
    "consent_title": "Your agreement",
    "consent_intro": "Please read each sentence and tick what you agree to. What is marked “needed” is needed to "
    "take part. The rest is your free choice.",
    "consent_go": "Agree and begin",
    "consent_leave": "I do not want to take part",
    # the code to come back with
    "code_title": "Your return code",
    "code_intro": "Please write this code down, print it or save it. With it you can go on later, on any device and "
    "in any language. You can also see, correct, download or delete your answers.",
    "code_say": "To say it aloud, group by group:",
    "code_picture": "Picture with the address and your return code",
    "code_picture_text": "The camera of another phone or tablet can read this picture. It opens the page for your "
    "code.",
    "code_warn": "We do not know your code and cannot replace it. Whoever has it can see your answers. Please keep "
    "it in a safe place.",
    "code_download": "Save the code as a file",
    "code_print": "Print the code",
    "code_file": "With this code you can go on with the survey, and see, correct, download or delete your answers:",
    "code_go": "I have kept my code, go on",
    "print_how": "To print this page, use the menu of your browser.",
    "print_for": "This code belongs to your answers in the survey “{title}”. It was made by chance. It does not "
    "say who you are.",
    "print_steps_h": "How to come back",
    "print_step_address": "Open this address, or point a camera at the picture:",
    "print_step_code": "Enter your return code.",
    "print_step_then": "You can go on, see your answers, download them or delete them.",
    "print_contact": "Questions? {organisation}: {contact}",
    # question
    "progress": "Question {number} of {count}",
    "prefer_not": "I prefer not to answer",
    "required_hint": "We need this answer in order to show you the right questions.",
    "choose_several": "You can choose more than one answer.",
    "choose_at_most": "You can choose up to {limit} answers.",
    "choose_country": "Please choose a country",
    "month_hint": "Year and month, for example 2026-03",
    "day_hint": "Year, month and day, for example 2026-03-14",
    "number_hint": "A whole number from {low} to {high}",
    "text_hint": "Up to {limit} characters",
    "go": "Continue",
    "back": "Back",
    "skip": "Skip this question",
    "pause": "Pause",
    "stop": "Stop here and send",
    "read_aloud": "Read aloud",
    "time_left": "About {time} left at a calm pace",
    "most_important": "What matters most to you?",
    "least_important": "And what matters least to you?",
    "said_most": "Matters most: {text}",
    "said_least": "Matters least: {text}",
    "ranking_hint": "Give place 1 to the most important one, then 2 and so on, up to {places}. Leave the rest empty.",
    "no_place": "No place",
    "window_before_days": "Days before the cells: about {first} to {last}",
    "window_before_weeks": "Weeks before the cells: about {first} to {last}",
    "window_before_months": "Months before the cells: about {first} to {last}",
    "window_after_days": "Days after the cells: about {first} to {last}",
    "window_after_weeks": "Weeks after the cells: about {first} to {last}",
    "window_after_months": "Months after the cells: about {first} to {last}",
    "window_around_days": "Days before and after the cells: about {first} before to {last} after",
    "window_around_weeks": "Weeks before and after the cells: about {first} before to {last} after",
    "window_around_months": "Months before and after the cells: about {first} before to {last} after",
    "window_earlier": "Months before the cells: more than {last}",
    "window_later": "Months after the cells: more than {first}",
    # rest between two parts
    "rest_title": "You have finished this part",
    "rest_text": "Your answers are kept. You can rest, send what you have, or go on.",
    "rest_go": "Go on",
    # display
    "display": "Display",
    "display_title": "How these pages look",
    "display_intro": "Choose what makes it easier for you. You can change it again at any time.",
    "display_size": "Size of the text",
    "display_size_0": "As on this device",
    "display_size_1": "Larger",
    "display_size_2": "Very large",
    "display_colours": "Colours",
    "display_colours_0": "As on this device",
    "display_colours_2": "Light",
    "display_colours_1": "Dark",
    "display_more": "What else would help?",
    "display_contrast": "Strong contrast",
    "display_motion": "No movement on the page",
    "display_advance": "Go on by itself when I have chosen an answer",
    "display_advance_help": "Only where one answer is chosen. You can always go back.",
    "display_tired": "I am tired today",
    "display_tired_help": "Larger text, and only the question with its answers. After each part you can rest.",
    "display_go": "Use this",
    "display_reset": "As on this device again",
    "display_cookie": "This choice is kept in this browser only, for one year. It is not stored with your answers.",
    # help and support
    "help_title": "Help and support",
    "help_now_h": "If you are in danger, feel very ill, or cannot go on",
    "help_talk_h": "If you would like to talk to someone",
    "help_grief_h": "If someone close to you has died",
    "help_back": "Back to where I was",
    # with JavaScript: where an answer is
    "js_here": "Saved on this device.",
    "js_with_us": "Saved with us.",
    "js_not_kept": "This could not be kept.",
    "js_wait": "Saved on this device. No network now.",
    "js_stay": "Saved on this device. The next question needs a network; it comes by itself.",
    "js_no_language": "Saved on this device. To change the language, a network is needed. Please try again later.",
    "js_read_stop": "Stop reading",
    # with JavaScript: pages that the device draws without network
    "offline_review_title": "You have answered everything",
    "offline_review_text": "There is no network now. You can send your answers already: they wait on this device and "
    "go out as soon as there is a network.",
    "offline_thanks_title": "Your answers wait on this device",
    "offline_thanks_text": "They have not been sent yet. They go out as soon as there is a network and this page is "
    "open. Please leave it open, or come back to it later on this device.",
    "offline_pause_title": "Your answers are kept on this device",
    "offline_pause_text": "There is no network now. You can close this page. Come back to it later on this device, and "
    "go on where you stopped.",
    "offline_stop_title": "Do you want to stop here and send?",
    "offline_stop_text": "There is no network now. What you have answered waits on this device and goes out as soon as "
    "there is a network.",
    "shell_title": "There is no network",
    "shell_text": "This page cannot be shown now. What was saved with us or on this device is not lost.",
    "shell_again": "Try again",
    # with JavaScript: answers that are refused
    "refused_unreadable": "These answers could not be read.",
    "refused_unreadable_do": "They are still on this device. Please load the page again.",
    "refused_too_long": "These answers are too long to be sent.",
    "refused_too_long_do": "Please shorten what you wrote.",
    "refused_language": "This language is not offered.",
    "refused_language_do": "Please choose one of the languages at the top of the page.",
    "refused_elsewhere": "These answers came from another site.",
    "refused_elsewhere_do": "Please open the survey at its own address.",
    "refused_token": "This page is too old to send answers.",
    "refused_token_do": "They are still on this device. Please enter your return code again.",
    "refused_too_often": "Too many answers came at once.",
    "refused_too_often_do": "They are still on this device. We try again by ourselves.",
    "refused_gone": "There are no answers under this code any more.",
    "refused_gone_do": "They were deleted, or the survey was not for you. You can begin anew.",
    # problems
    "problem_title": "Please look at this again",
    "problem_ANSWER_REQUIRED": "Please choose an answer here. We cannot go on without it.",
    "problem_ANSWER_NOT_OFFERED": "This answer is not one of the choices. Please choose one from the list.",
    "problem_ANSWER_TOO_MANY": "Please choose at most {limit}.",
    "problem_ANSWER_CONTRADICTS": "“{given}” cannot be chosen together with other answers. Please keep one.",
    "problem_ANSWER_NOT_A_NUMBER": "Please enter a whole number from {low} to {high}.",
    "problem_ANSWER_OUT_OF_RANGE": "Please enter a number from {low} to {high}.",
    "problem_ANSWER_NOT_A_DATE": "Please enter the date as in this example: {example}",
    "problem_ANSWER_TOO_LONG": "Your text has {length} characters, and there is room for {limit}. Please shorten it.",
    "problem_ANSWER_HALF": "You have chosen one of the two. Please choose the other one too, or skip this list.",
    "problem_ANSWER_BEST_IS_WORST": "The same cannot matter most and least. Please change one of the two.",
    "problem_ANSWER_RANK_TWICE": "You have given place {place} more than once. Please give each place once.",
    "problem_ANSWER_RANK_GAP": "Place {place} is missing. Please start with place 1 and leave none out.",
    "problem_ANSWER_NOT_ASKED": "Something was sent that this page does not ask. Nothing of it was saved. Please "
    "answer what you see here.",
    "problem_SCREEN_UNKNOWN": "There is no such question in this survey. Please go back and try once more.",
    "problem_ANSWERS_FROZEN": "A report was made from these answers. They cannot be changed any more, only deleted.",
    "problem_CONSENT_NEEDED": "Without this agreement we may not use your answers. You can agree, or leave the survey.",
    "problem_CODE_WRONG": "This code does not open any answers. Please check it letter by letter. If the answers "
    "were deleted, their code opens nothing any more.",
    "problem_INVITATION_WRONG": "This code does not open the survey. Please check it letter by letter. An invitation "
    "code works once. If you have begun already, please go on with your return code.",
    "problem_CODE_TOO_OFTEN": "There were too many tries. Please try again in {minutes} minutes. Nothing is lost.",
    # help
    "help_emergency": "In the European Union, the emergency number is 112. It is free of charge, day and night.",
    "help_team": "You can call your treatment team. The number is often on your patient card or in your "
    "hospital papers.",
    "help_lines": "Your treatment team or your family doctor can tell you which help lines there are in your country.",
    "help_organisation": "You can also write to {organisation}: {contact}. An answer may take some days.",
    "help_bereavement": "Your family doctor, the hospital or a patient organisation can tell you which support for "
    "people in grief there is near you.",
    # pause
    "pause_title": "Your answers are kept",
    "pause_keep": "Keep my return code",
    "pause_text": "You can close this page now. Come back with your return code whenever you like.",
    "leave": "Remove everything from this device",
    "leave_unsent": "Some answers are only on this device and have not reached us yet. If you go on, they are "
    "lost. Remove everything?",
    "left_close": "Other people may use this device? Then please also close this window.",
    "left_title": "This device no longer knows your code",
    "left_before": "The device then no longer knows your code or anything that our pages kept on it. The answers "
    "that reached us are kept. You need your return code to open them again.",
    "left_text": "Everything that our pages kept on it has been removed. The answers that reached us are kept. To "
    "open them again, enter your return code.",
    # stop
    "stop_title": "Do you want to stop here and send?",
    "stop_text": "We then use the answers that you have given so far.",
    "before_sending": "Until the next report is made, you can change or delete your answers with your return code. "
    "When a report is made, a copy of the answers behind it is frozen, without codes. Nobody can find yours in it, "
    "so from then on it stays. So do published numbers and files that researchers have received.",
    "stop_go": "Send what I have answered",
    "stop_back": "No, go on answering",
    # review
    "review_title": "Look over your answers",
    "review_intro": "You can change every answer here. When everything is as you want it, please send your answers.",
    "change": "Change",
    "not_answered": "Not answered",
    "agreed": "Yes",
    "not_agreed": "No",
    "send": "Send my answers",
    # end
    "thanks_title": "Thank you",
    "thanks_text": "Your answers have been sent. They will be counted in a later report, together with those of "
    "many others.",
    "thanks_code": "Please keep your return code. With it you can see, correct, download and delete your answers.",
    "thanks_again": "With the same code you can come back and tell us about another time or step.",
    "thanks_keep": "Print or save my code",
    "answers_see": "See my answers",
    # one's own answers
    "answers_title": "Your answers",
    "answers_open": "Your answers have been sent. You can still change them here, until the next report is made.",
    "answers_closed": "Your answers have been taken into a report. They can no longer be changed, because that "
    "report keeps what it was made from. You can still delete them. They are then in no later report.",
    "answers_as_read": "Each question stands here as you read it, in that language and wording.",
    "answers_now": "in the wording of today; the earlier one was not kept",
    "rounds": "Your rounds",
    "round": "Round {number}",
    "answers_sent": "Your answers have been sent. You can no longer change them.",
    "answers_unsent": "Your answers have not been sent. They are not used. You can change them at any time.",
    "download": "Download my answers for a program (JSON)",
    "download_page": "Download my answers as a page to read",
    "delete": "Delete my answers",
    "delete_title": "Do you want to delete all your answers?",
    "delete_free": "None of these answers has been taken into a report. After this, none will ever be.",
    "delete_frozen": "Some of these answers have been taken into a report. A copy was frozen for it, without your "
    "code. Nobody can tell which answers in it are yours, so that copy stays. So do published numbers and files "
    "that researchers have received. No later report will use your answers.",
    "delete_words": "What you wrote in your own words goes too. Only what a report has already quoted stays in that "
    "report, without anything that points to you.",
    "delete_copy": "You may wish to keep a copy first:",
    "delete_text": "All answers under this return code are removed for good, of every round. The code then opens "
    "nothing any more.",
    "delete_go": "Yes, delete everything",
    "delete_back": "No, keep my answers",
    "deleted_title": "Your answers have been deleted",
    "deleted_text": "They are removed from our database and will be in no later report. Your code opens nothing "
    "any more. Thank you for your time.",
    # coming back
    "enter_title": "Go on with your return code",
    "enter_label": "Your return code",
    "enter_hint": "15 letters and digits. Capital or small letters, spaces and hyphens make no difference. The "
    "letter O is read as zero, I and L are read as one.",
    "enter_go": "Open my answers",
    "enter_lost_h": "You do not have your code?",
    "enter_lost": "We do not know your code and cannot find your answers without it. You can begin anew at the "
    "start page.",
    "enter_gone_h": "There are no answers under the code on this device",
    "enter_gone": "They may have been deleted, or they were never sent and were removed after a long time. You can "
    "enter another code or begin anew.",
    "enter_known": "This device knows a code for the survey “{title}”.",
    "enter_known_go": "Go on with it",
    "wave_title": "Welcome back",
    "wave_before": "You have sent us answers about this:",
    "wave_offer": "Tell us about another time or step",
    "wave_what": "Nothing of what you sent before is changed. Your return code stays the same.",
    "wave_begin": "Begin",
    "carried_title": "We have taken this over from last time",
    "carried_text": "You need not answer these questions again. Please look whether they are still right. You can "
    "change each of them.",
    "carried_go": "Go on",
    "renew_title": "The wording of your agreement has changed",
    "renew_intro": "Please read it again before you go on. Your answers are all kept.",
    "renew_wave": "Please read these sentences. What is marked “needed” is needed to begin.",
    "renew_before": "What it said before",
    "renew_go": "Save and go on",
    "renew_no_h": "If you do not agree",
    "renew_no": "Nothing is lost. Your answers stay kept. Those that you have not sent are not used. You can see, "
    "download or delete them. You can also come back later.",
    "kiosk_title": "One device for many people",
    "kiosk_what": "For a tablet in a waiting room or at a meeting. As long as this is on:",
    "kiosk_forgets": "After each person the device forgets the code and all answers that are kept in it.",
    "kiosk_begins": "It then shows the beginning of this survey for the next person.",
    "kiosk_code": "Each person gets a return code. It is shown at the beginning and during a pause, and not at the "
    "end.",
    "kiosk_is_on": "This device is set up for many people.",
    "kiosk_begin": "Set this device up for many people",
    "kiosk_end": "End this",
    "kiosk_next": "To the beginning of the survey",
    "kiosk_done_sent": "Thank you. The answers have been sent.",
    "kiosk_done_left": "The answers are kept under the return code.",
    "kiosk_done_deleted": "The answers have been deleted.",
    "kiosk_done_ended": "Thank you for your time.",
    "kiosk_done": "This device has forgotten them. The next person can begin here.",
    "invitation_title": "Enter your invitation code",
    "invitation_label": "The code on your invitation",
    "invitation_hint": "18 letters and digits. Capital or small letters, spaces and hyphens make no difference. The "
    "letter O is read as zero, I and L are read as one.",
    "invitation_stored": "The code opens this survey once. We store nothing that links it to your answers.",
    "invitation_begun_h": "You have begun already?",
    "invitation_begun": "Then you no longer need the invitation code. Please go on with your return code.",
    "invitation_none_h": "You have no code, or yours does not work?",
    "invitation_none": "{organisation} can give you a new one. Please write to {contact}.",
    "permit_needs": "This survey needs JavaScript, because your browser itself has to keep your code and your answers "
    "apart. Please allow it for this page, or use another browser. You can also write to {organisation}: {contact}.",
    "permit_what": "Your browser exchanges the code for a permit. We sign the permit without seeing it, so we cannot "
    "know later which code it was for.",
    "permit_go": "Get my permit",
    "permit_have_h": "Your permit is in this browser",
    "permit_have": "Your code is used up. With the permit you can begin once, here in this browser.",
    "permit_wait": "If you begin right away, somebody who watches our server could guess from the time that the code "
    "was yours. It is better to close this page and to come back to it in this browser after some hours, or tomorrow.",
    "permit_begin": "Begin now",
    "permit_failed": "The exchange did not work. Your code is not lost. Please try again.",
    "permit_other": "The key of this survey is not the one on your invitation. Please do not go on, and tell "
    "{organisation}: {contact}.",
    "permit_wrong": "This permit was used already, or it is not for this survey. If you have begun, please go on with "
    "your return code.",
    "permit_key_h": "The key of this survey",
    "permit_key": "It is the same for everybody. If your invitation shows another one, please do not go on.",
    "ending_invited": "You came to this page by mistake? Your invitation code is used up, but {organisation} can give "
    "you a new one: {contact}.",
    "card_heading": "Invitation to a survey",
    "card_how": "Point the camera of your phone at the picture. Or open this address and enter the code:",
    "card_key": "Key of this survey: {key}",
    "card_once": "For one person, to be used once. Please do not pass it on.",
    "closed_title": "This survey is closed",
    "closed_text": "No new answers are taken. With your return code you can still see, download and delete yours.",
    "error_kept": "Everything that reached us before stays kept.",
    "error_400_h": "We could not understand what was sent",
    "error_400": "Please go back and try once more. If it happens again, go on with your return code.",
    "error_encoding_h": "We could not read the letters that were sent",
    "error_encoding": "They came in an unusual encoding. Please go back, load the page again and send your answer "
    "once more.",
    "error_403_h": "This was not sent from our own pages",
    "error_403": "For your protection we did not take it. Please open the survey again and send your answer from "
    "there.",
    "error_404_h": "There is no such page",
    "error_404": "The address may be incomplete, or the page may be gone. Please check the address, or go on from "
    "here.",
    "error_405_h": "This page cannot be used like this",
    "error_405": "Please go back and try once more.",
    "error_413_h": "That was too much at once",
    "error_413": "What you sent just now was too long, and we did not take it. Please go back and shorten it.",
    "error_414_h": "This address is too long",
    "error_414": "Please check the address, or go on from here.",
    "error_415_h": "We cannot read what was sent",
    "error_415": "Please go back, load the page again and send your answer once more. We take no files.",
    "error_429_h": "There were too many tries",
    "error_429": "Please wait a quarter of an hour and try again.",
    "error_500_h": "Something went wrong on our side",
    "error_500": "It is not your fault. Please go back and try again in a few minutes.",
    "error_503_h": "We cannot answer at the moment",
    "error_503": "It is not your fault. Please go back and try again in a few minutes.",
    "error_version_gone_h": "The questions for your answers are missing here",
    "error_version_gone": "It is not your fault. Please tell the organisation that invited you. You can go on as "
    "soon as it is put right.",
}


@cache
def texts_in(language: str) -> Mapping[str, str]:
    """All texts in `language`, by key.

    Raises:
        KeyError: there is no such language.
    """
    if language == "en":
        return ENGLISH
    if language not in LANGUAGES:
        raise KeyError(language)
    return {**ENGLISH, **read_translation(language)}


def read_translation(language: str) -> dict[str, str]:
    """The translated texts in the PO file of `language`, by key."""
    with (FOLDER / f"{language}.po").open("rb") as file:
        catalogue = read_po(file, locale=language)
    return {str(message.context): str(message.string) for message in catalogue if message.id and message.string}


@cache
def native_name(language: str) -> str:
    """The name of a language in itself, from CLDR."""
    name = Locale.parse(language).get_display_name(language) or language
    return name[0].upper() + name[1:]


def direction(language: str) -> str:
    """`rtl` or `ltr`."""
    return "rtl" if language in RIGHT_TO_LEFT else "ltr"
