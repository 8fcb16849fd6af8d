"""Forms that are sent late, twice or on a page that is not right any more, in English."""

FORMS = {
    "sending.lost": "The server does not answer. What you typed is here and will be sent as soon as"
    " it can be.",
    "sending.late": "The server still does not answer. What you typed is here; send it when the"
    " connection is back.",
    "sending.ended": "Your session has ended. What you typed is kept in this browser while you sign"
    " in again.",
    "sending.ended_here": "Your session has ended. Sign in again in another tab, come back to this"
    " one and send it: what you typed stays here.",
    "sending.again": "What you typed is here again. Check it and send it.",
    "sending.now": "Send now",
    "sending.not": "Do not send",
    "sending.to_sign_in": "Sign in again",
    "sending.sign_in": "Your session has ended. Sign in again: what you typed is kept.",
    "resend.again": "This has been sent already",
    "resend.again_more": "The same page was sent and recorded once before. Nothing was done again.",
    "resend.again_go": "Send it once more",
    "resend.see": "See what was done",
    "resend.kept": "What you typed is kept",
    "resend.kept_more": "The session had ended when you sent it, and nothing has been done yet.",
    "resend.kept_go": "Send it now",
    "resend.leave": "Leave it",
    "stale.order": "The recipe or the jars have changed while this page was open",
    "stale.order_more": "Nothing was ordered. Check it, and order again if this is what you want.",
    "stale.part": "{spice}: the page showed {before}, now it is {now}.",
    "stale.part_new": "{spice}: the page did not show it, now it is {now}.",
    "stale.part_gone": "{spice}: the page showed {before}, now there is none.",
    "stale.by_hand": "{spice} (by hand)",
    "stale.recipe": "Somebody has changed this recipe while you were editing it",
    "stale.recipe_more": "Nothing has been saved yet: below is what you typed.",
    "stale.recipe_gone": "Somebody has deleted this recipe while you were editing it. If you save,"
    " it is made again.",
    "stale.saved": "Saved now: {value}",
    "stale.saved_parts": "Spices saved now:",
    "stale.mine": "Save what I typed",
    "stale.theirs": "Keep what is saved",
    "stale.jar": "This jar has changed while the page was open: it showed {before}, now it has"
    " {now}. Check what you typed, and send it again if this is what you want.",
    "stale.nothing": "nothing",
}
