"""A link for a new password, who was deleted, what came from version 0.1, in English."""

PEOPLE = {
    "movement.opening": "opening balance, from version 0.1",
    "new_password.go": "Use this password",
    "new_password.lead": "For the account of {name}. Open sessions will end.",
    "new_password.title": "Choose a new password",
    "person.deleted": "(deleted account)",
}
