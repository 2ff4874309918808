"""Every button key: written where a button is built, parsed where its press comes back.

A key is at most 64 bytes, which is what Telegram keeps of it. Buttons of old messages can be
pressed at any time, so the forms written here must stay readable:

    place:NAME                                                                   founder
    ok · ok:TOKEN · human · noplace · forget · lang:LANGUAGE · offer:TOKEN:NUMBER · none:TOKEN   founder
    continue-MATTER · fix:CORRECTION:CASE · taker:WHO · settled:CASE             founder
    agree:MISSION:VERSION · refuse · withdraw:CASE · consent:ITEM:NUMBER         founder
    share:CASE                                                                   founder
    remind:CASE · add:CASE · end:CASE · rate:SCORE:CASE · words:CASE             founder
    unlink · follow:COUNTRY · unfollow · unfollow:TOPIC                          founder
    claim:CASE · resolve:CASE · reassign:CASE · reopen:CASE
    wait:CASE · authority:CASE · resume:CASE · forward:CASE:LINE                 staff
    hand:CASE:CHANNEL:USER                                                       staff
    insight:ACT:NUMBER                                                           the domestic desk
    faq:CASE · faq:submit:CASE                                                   staff
    faq:approve:CASE · faq:refuse:CASE · faq:withdraw:CASE                       admin
    admit:USER · seat:ROLE:USER · standin:CHANNEL:USER                           a body's lead
    library:apply:TOKEN:MARK · library:discard:TOKEN · library:keep
    library:rollback:EDITION:BASE                                                admin

A founder's button in a place with others ends in "@USER": it is that person's alone.
"""

from bot.buttons.founder import (
    ALL_SET_KEY,
    CORRECTIONS,
    ERASE_KEY,
    MATTER_KEY_PREFIX,
    PERSON_KEY,
    REFUSE_KEY,
    SKIP_PLACE_KEY,
    UNFOLLOW_KEY,
    UNLINK_KEY,
    Correction,
    FounderPress,
    name_matter,
    name_topic,
    parse_founder_key,
    write_agree_key,
    write_all_set_key,
    write_consent_key,
    write_correction_key,
    write_follow_key,
    write_language_key,
    write_matter_key,
    write_none_key,
    write_offer_key,
    write_place_key,
    write_rating_key,
    write_settled_key,
    write_share_key,
    write_taker_key,
    write_unfollow_key,
    write_withdraw_key,
    write_words_key,
)
from bot.buttons.keys import (
    MAX_KEY_DIGITS,
    CaseAction,
    is_number,
    parse_case_action,
    split_owned_key,
    write_case_key,
    write_owned_key,
)
from bot.buttons.library import (
    KEEP_EDITION_KEY,
    LIBRARY_KEY_PREFIX,
    LibraryPress,
    is_library_key,
    parse_library_key,
    write_apply_key,
    write_discard_key,
    write_rollback_key,
)
from bot.buttons.staff import (
    FAQ_ACTS,
    FaqPress,
    InsightAct,
    StaffingPress,
    parse_faq_key,
    parse_forward_key,
    parse_hand_account,
    parse_insight_key,
    parse_staffing_key,
    parse_stand_in_key,
    write_admit_key,
    write_faq_key,
    write_forward_key,
    write_hand_key,
    write_insight_key,
    write_role_key,
    write_stand_in_key,
)

__all__ = [
    "ALL_SET_KEY",
    "CORRECTIONS",
    "ERASE_KEY",
    "FAQ_ACTS",
    "KEEP_EDITION_KEY",
    "LIBRARY_KEY_PREFIX",
    "MATTER_KEY_PREFIX",
    "MAX_KEY_DIGITS",
    "PERSON_KEY",
    "REFUSE_KEY",
    "SKIP_PLACE_KEY",
    "UNFOLLOW_KEY",
    "UNLINK_KEY",
    "CaseAction",
    "Correction",
    "FaqPress",
    "FounderPress",
    "InsightAct",
    "LibraryPress",
    "StaffingPress",
    "is_library_key",
    "is_number",
    "name_matter",
    "name_topic",
    "parse_case_action",
    "parse_faq_key",
    "parse_forward_key",
    "parse_founder_key",
    "parse_hand_account",
    "parse_insight_key",
    "parse_library_key",
    "parse_staffing_key",
    "parse_stand_in_key",
    "split_owned_key",
    "write_admit_key",
    "write_agree_key",
    "write_all_set_key",
    "write_apply_key",
    "write_case_key",
    "write_consent_key",
    "write_correction_key",
    "write_discard_key",
    "write_faq_key",
    "write_follow_key",
    "write_forward_key",
    "write_hand_key",
    "write_insight_key",
    "write_language_key",
    "write_matter_key",
    "write_none_key",
    "write_offer_key",
    "write_owned_key",
    "write_place_key",
    "write_rating_key",
    "write_role_key",
    "write_rollback_key",
    "write_settled_key",
    "write_share_key",
    "write_stand_in_key",
    "write_taker_key",
    "write_unfollow_key",
    "write_withdraw_key",
    "write_words_key",
]
