"""Everything that can be wrong with a request, as one tree. No HTTP and no texts here.

    YagutsError
    ├── NotSignedIn             no session, or a dispenser without a valid token
    │   └── WrongCredentials    name and password do not go together
    ├── NotYours                a dispenser's job that another dispenser was given
    ├── AccountDisabled         the person's, or that of the dispenser's owner
    ├── OwnersOnly              a member of the household may cook, not configure
    ├── NotFound                unknown, or somebody else's (a person is not told which)
    ├── Refused                 the request is understood and can't be done as it stands
    │   ├── NameTaken
    │   ├── UnclearName         its letters could be taken for others, or be overlooked
    │   ├── WeakPassword
    │   ├── PasswordIsName
    │   ├── WrongPassword       the current one, asked for before a change
    │   ├── RegistrationClosed
    │   ├── WrongCode           a pairing code that is wrong, used or expired
    │   ├── WrongInvitation     the same of an invitation
    │   ├── WrongWord           not the word that the first account needs
    │   ├── WrongReset          the same of a link for a new password
    │   ├── UnknownSpice        a jar's label that is not in the catalogue
    │   ├── UnknownJar          a jar the dispenser does not have
    │   ├── UnlabelledJar       a jar that is to be calibrated and holds no spice
    │   ├── RepeatedJar         a jar that is set twice in one request
    │   ├── JarInUse            a jar that can't be taken away
    │   ├── BeyondTheEnd        a piece of a file that begins where it has ended
    │   ├── BadTarget           an address that alerts can't be sent to
    │   └── BadReport           progress that contradicts the job
    ├── Conflict                possible at another time
    │   ├── Busy                the dispenser has a job, and nobody asked to queue
    │   ├── QueueFull           too many jobs wait for the dispenser
    │   ├── TooMany             recipes, spices, dispensers or members of a kitchen
    │   ├── NotPlannable        with every obstacle
    │   ├── JobTooLarge         the job does not fit the dispenser's buffer
    │   ├── NotAsShown          what the page showed is not so any more
    │   ├── UnsendableSpice     a spice's name cannot be sent to the dispenser
    │   ├── TooFewRuns          for a calibration, or nothing fell in them
    │   ├── NothingMissing      of a job that left nothing undone
    │   ├── AlreadySettled      an orphan report that the owner has decided on
    │   ├── AlreadyHome         invited to where one cooks already
    │   ├── InAnotherKitchen    one has to leave that household first
    │   ├── HasMembers          one's own household has to be dissolved first
    │   ├── ResetByOperator     the owner may not make a link for this member's password
    │   ├── NoMoreVirtual       this server runs no further virtual dispenser
    │   ├── TooManyTargets      of one person's alerts
    │   └── NotPossibleNow      the job's state does not allow it
    ├── TooManyAttempts
    ├── TooManyLive             one person watches too much at once
    ├── Overloaded              too many sign in at once
    ├── AlreadySent             the same form was booked before
    ├── Changed                 somebody else changed it in between; try again
    └── Unavailable             the database can't be read or written at the moment

Each class has a stable `code`; its fields fill the gaps of the text for people.
"""

from collections.abc import Sequence
from typing import ClassVar


class YagutsError(Exception):
    """Root of the tree. The keyword arguments fill the gaps of the translation."""

    code: ClassVar[str] = "error"

    def __init__(self, **fields: object) -> None:
        super().__init__(self.code, fields)
        self.fields = fields


class NotSignedIn(YagutsError):
    """`what`: "dispenser" when it is one that has no valid token."""

    code = "not_signed_in"


class WrongCredentials(NotSignedIn):
    code = "wrong_credentials"


class NotYours(YagutsError):
    code = "not_yours"


class AccountDisabled(YagutsError):
    """`what`: "dispenser" when it is one whose owner's account is disabled."""

    code = "account_disabled"


class OwnersOnly(YagutsError):
    code = "owners_only"


class NotFound(YagutsError):
    """`what`: "recipe", "job", "dispenser"…"""

    code = "not_found"


class Refused(YagutsError):
    code = "refused"


class NameTaken(Refused):
    code = "name_taken"


class UnclearName(Refused):
    code = "unclear_name"


class WeakPassword(Refused):
    code = "weak_password"


class PasswordIsName(Refused):
    code = "password_is_name"


class WrongPassword(Refused):
    code = "wrong_password"


class RegistrationClosed(Refused):
    code = "registration_closed"


class WrongCode(Refused):
    code = "wrong_code"


class WrongInvitation(Refused):
    code = "wrong_invitation"


class WrongWord(Refused):
    code = "wrong_word"


class WrongReset(Refused):
    code = "wrong_reset"


class UnknownSpice(Refused):
    """`spice`: the label."""

    code = "unknown_spice"


class UnknownJar(Refused):
    """`jar`: its number."""

    code = "unknown_jar"


class UnlabelledJar(Refused):
    """`jar`: its number."""

    code = "unlabelled_jar"


class RepeatedJar(Refused):
    """`jar`: its number."""

    code = "repeated_jar"


class JarInUse(Refused):
    """`jar`: its number."""

    code = "jar_in_use"


class BeyondTheEnd(Refused):
    code = "beyond_the_end"


class BadTarget(Refused):
    code = "bad_target"


class BadReport(Refused):
    """Progress that contradicts the job. A report itself is never refused."""

    code = "bad_report"


class Conflict(YagutsError):
    code = "conflict"


class Busy(Conflict):
    """`job_id`: the job that is in the way."""

    code = "busy"


class QueueFull(Conflict):
    """`most`: how many there may be."""

    code = "line_full"


class TooMany(Conflict):
    """`what`: "recipe", "spice", "dispenser" or "member". `most`: how many there may be."""

    code = "too_many"


class NotPlannable(Conflict):
    """`reasons` holds every obstacle: see `domain.jobs.planning`."""

    code = "not_plannable"

    def __init__(self, reasons: Sequence[object]) -> None:
        super().__init__(reasons=tuple(reasons))


class JobTooLarge(Conflict):
    code = "job_too_large"


class UnsendableSpice(Conflict):
    """No dispenser could report it. `spice` is the name without what is wrong with it."""

    code = "unsendable_spice"


class NotAsShown(Conflict):
    """`now`: what is so now, or how it differs from what the page showed."""

    code = "not_as_shown"


class TooFewRuns(Conflict):
    """`least` is the number of runs that it takes."""

    code = "too_few_runs"


class NothingMissing(Conflict):
    code = "nothing_missing"


class AlreadyHome(Conflict):
    code = "already_home"


class InAnotherKitchen(Conflict):
    code = "in_another_kitchen"


class HasMembers(Conflict):
    code = "has_members"


class ResetByOperator(Conflict):
    code = "reset_by_operator"


class NoMoreVirtual(Conflict):
    code = "no_more_virtual"


class TooManyTargets(Conflict):
    """`most`: how many there may be."""

    code = "too_many_targets"


class AlreadySettled(Conflict):
    code = "already_settled"


class NotPossibleNow(Conflict):
    """`state` and `event`, both from `domain.job`."""

    code = "not_possible_now"


class TooManyAttempts(YagutsError):
    """`wait_s` is the number of seconds until the next attempt is accepted."""

    code = "too_many_attempts"


class TooManyLive(YagutsError):
    """`most`: how many pages may follow what happens. `wait_s`: when to try again."""

    code = "too_many_live"


class Overloaded(YagutsError):
    """`wait_s` is the number of seconds after which there may be room."""

    code = "overloaded"


class AlreadySent(YagutsError):
    """`at`: when the form was booked. `address`: the page that it led to, or None."""

    code = "already_sent"


class Changed(YagutsError):
    code = "changed"


class Unavailable(YagutsError):
    code = "unavailable"


class Damaged(Unavailable):
    """The database's file is not what it should be. Only an older copy helps."""
