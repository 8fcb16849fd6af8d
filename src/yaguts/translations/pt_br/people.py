"""A link for a new password, who was deleted, what came from version 0.1, in Portuguese."""

PEOPLE = {
    "movement.opening": "saldo inicial, da versão 0.1",
    "new_password.go": "Usar esta senha",
    "new_password.lead": "Para a conta de {name}. As sessões abertas serão encerradas.",
    "new_password.title": "Escolha uma nova senha",
    "person.deleted": "(conta apagada)",
}
