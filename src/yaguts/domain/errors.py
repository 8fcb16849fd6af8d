"""Everything that can be wrong with a request, as one tree. No HTTP and no texts here.

    YagutsError
    ├── NotSignedIn             no session, or a dispenser without a valid token
    │   └── WrongCredentials    name and password do not go together
    ├── NotYours                a dispenser's job that another dispenser was given
    ├── OwnersOnly              a member of the household may cook, not configure
    ├── NotFound                unknown, or somebody else's (a person is not told which)
    ├── Refused                 the request is understood and can't be done as it stands
    │   ├── NameTaken
    │   ├── WeakPassword
    │   ├── PasswordIsName
    │   ├── WrongPassword       the current one, asked for before a change
    │   ├── RegistrationClosed
    │   ├── WrongCode           a pairing code that is wrong, used or expired
    │   ├── WrongInvitation     the same of an invitation
    │   ├── UnknownSpice        a jar's label that is not in the catalogue
    │   ├── UnknownJar          a jar the dispenser does not have
    │   ├── UnlabelledJar       a jar that is to be calibrated and holds no spice
    │   ├── RepeatedJar         a jar that is set twice in one request
    │   ├── JarInUse            a jar that can't be taken away
    │   └── BadReport           progress that contradicts the job
    ├── Conflict                possible at another time
    │   ├── Busy                the dispenser has a job, and nobody asked to queue
    │   ├── QueueFull           too many jobs wait for the dispenser
    │   ├── NotPlannable        with every obstacle
    │   ├── JobTooLarge         the job does not fit the dispenser's buffer
    │   ├── UnsendableSpice     a spice's name cannot be sent to the dispenser
    │   ├── TooFewRuns          for a calibration, or nothing fell in them
    │   ├── NothingMissing      of a job that left nothing undone
    │   ├── AlreadySettled      an orphan report that the owner has decided on
    │   ├── AlreadyHome         invited to where one cooks already
    │   ├── InAnotherKitchen    one has to leave that household first
    │   ├── HasMembers          one's own household has to be dissolved first
    │   ├── NoMoreVirtual       this server runs no further virtual dispenser
    │   └── NotPossibleNow      the job's state does not allow it
    ├── TooManyAttempts
    ├── Overloaded              too many sign in at once
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


class OwnersOnly(YagutsError):
    code = "owners_only"


class NotFound(YagutsError):
    """`what`: "recipe", "job", "dispenser"…"""

    code = "not_found"


class Refused(YagutsError):
    code = "refused"


class NameTaken(Refused):
    code = "name_taken"


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


class NoMoreVirtual(Conflict):
    code = "no_more_virtual"


class AlreadySettled(Conflict):
    code = "already_settled"


class NotPossibleNow(Conflict):
    """`state` and `event`, both from `domain.job`."""

    code = "not_possible_now"


class TooManyAttempts(YagutsError):
    """`wait_s` is the number of seconds until the next attempt is accepted."""

    code = "too_many_attempts"


class Overloaded(YagutsError):
    """`wait_s` is the number of seconds after which there may be room."""

    code = "overloaded"


class Changed(YagutsError):
    code = "changed"


class Unavailable(YagutsError):
    code = "unavailable"


class Damaged(Unavailable):
    """The database's file is not what it should be. Only an older copy helps."""
