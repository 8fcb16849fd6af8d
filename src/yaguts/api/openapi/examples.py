"""The examples of the OpenAPI document: one evening in a kitchen, in the words of the wire.

`EXAMPLES` has each body under the name of its schema. `FIELDS` fill the texts of errors.
"""

from collections.abc import Mapping

from yaguts.api.schemas.dispensers import SETTING_WORDS
from yaguts.domain.jobs.planning import NotCalibrated, NotEmpty, Obstacle, OutOfReach, TooLittle
from yaguts.domain.units import Milligrams

FIELDS: Mapping[str, object] = {
    "jar": 2,
    "spice": "Orégano",
    "wait_s": 60,
    "most": 20,
    "least": 3,
}
REASONS: tuple[Obstacle, ...] = (
    NotCalibrated(3, "Cominho"),
    TooLittle(2, "Orégano", needed=Milligrams(4_500), present=Milligrams(1_200)),
)
OUT_OF_REACH: tuple[Obstacle, ...] = (OutOfReach(5, "Cominho"),)
NOT_EMPTY: tuple[Obstacle, ...] = (NotEmpty(2, Milligrams(1_200)),)

_KEY = "9f86d081884c7d659a2feaa0c55ad015"
_MOTOR = {
    "vibration_intensity": 75,
    "pre_start_delay_ms": 500,
    "post_stop_delay_ms": 300,
    "max_runtime_sec": 300,
}
_SALT, _OREGANO = {"tempero": "Sal", "quantidade": 8.0}, {"tempero": "Orégano", "quantidade": 1.2}
_RECIPE = {"nome": "Arroz de festa", "porcoes": 4}
_SETTINGS = dict.fromkeys(SETTING_WORDS.values(), True)
_DISPENSER = {
    "id": 3,
    "nome": "Bancada",
    "uid": "a0b1c2d3e4f5",
    "fw_version": "0.2.0",
    "last_seen": "2026-01-31T18:00:00Z",
    "online": True,
    "padrao": True,
    "recem_chegado": False,
    **_SETTINGS,
}
_SALT_DOSE = {"ordem": 1, "frasco": 1, "tempero": "Sal", "quantidade_g": 4.0, "segundos": 2.0}
_OREGANO_DOSE = {
    "ordem": 2,
    "frasco": 2,
    "tempero": "Orégano",
    "quantidade_g": 0.6,
    "segundos": 1.2,
}
_JOB = {
    "id": 42,
    "receita_id": 7,
    "pessoas_solicitadas": 2,
    "multiplicador": 1,
    "created_at": "2026-01-31T18:00:00Z",
    "motor_config": _MOTOR,
}
_ACTIVE = {"id": 42, "status": "running", "started_at": "2026-01-31T18:00:02Z"}
_ORPHAN_DOSE = {
    "ordem": 1,
    "frasco": 1,
    "tempero": "Sal",
    "quantidade_g": 4.5,
    "quantidade_min_g": 4.0,
    "status": "done",
}
_TOLD_DOSE = {
    "item_ordem": 1,
    "frasco": 1,
    "quantidade_g": 4.0,
    "quantidade_min_g": 3.5,
    "status": "done",
}
_ORPHAN_REPORT = {
    "id": 2,
    "device_id": 3,
    "job_id": 57,
    "recebido_em": "2026-01-31T18:05:00Z",
    "itens": [_ORPHAN_DOSE],
    "motivo": None,
    "relatado": [_TOLD_DOSE],
    "omitidos": 0,
}
_QUEUED = {
    "id": 43,
    "posicao": 1,
    "device_id": 3,
    "status": "queued",
    "receita_id": 7,
    "pessoas_solicitadas": 2,
    "created_at": "2026-01-31T18:00:00Z",
    "started_at": None,
}
_RUN = {"job_id": 44, "segundos": 2.0, "status": "done", "valida": True, "quantidade_g": 1.0}
_FIT = {"g_por_seg": 0.511429, "desvio_pct": 2.3, "regularidade": "uniforme"}
_PASSWORD = "canela em pau 42"
_OWNER = {"id": 1, "nome": "Ana"}
_MEMBER = {"id": 2, "nome": "Bia", "desde": "2026-01-24T12:00:00Z"}
_INVITATION = {"id": 5, "expires_at": "2026-02-03T18:00:00Z"}
_TOKEN = "Jf3uYp0mN8aXv2cTq7LwRz5kD1hGsB9eKo4iVy6UxEA"
_INVITATION_CODE = "mQ3vT8sLw0eK5xYb"

_TARGET = {
    "id": 2,
    "endereco": "https://casa.example/…",
    "idioma": "pt_BR",
    "assinado": True,
    "enviado_em": "2026-01-31T18:00:00Z",
    "falhou_em": None,
    "falha": None,
    "detail": "",
    "na_espera": 0,
}
_CHOICES = {
    "mudo_min": 15,
    "silencio_inicio": "22:00",
    "silencio_fim": "07:00",
    "fuso": "America/Sao_Paulo",
}
_KIND = {"tipo": "jar_low", "desejado": True}

EXAMPLES: Mapping[str, object] = {
    # Accounts
    "RegistrationIn": {"nome": "Ana", "senha": _PASSWORD},
    "Credentials": {"nome": "Ana", "senha": _PASSWORD},
    "PasswordChange": {"senha_atual": _PASSWORD, "senha": "louro seco 1987"},
    "PersonOut": _OWNER,
    # Household
    "OwnerOut": _OWNER,
    "MemberOut": _MEMBER,
    "InvitationOut": _INVITATION,
    "NewInvitationOut": {
        **_INVITATION,
        "code": _INVITATION_CODE,
        "link": f"http://cozinha.local:8000/app/join?convite={_INVITATION_CODE}",
    },
    "HouseholdOut": {"dono": _OWNER, "membros": [_MEMBER], "convites": [_INVITATION]},
    "JoinIn": {"convite": _INVITATION_CODE},
    "AuditEntryOut": {
        "id": 31,
        "created_at": "2026-01-31T18:00:00Z",
        "evento": "cancelled",
        "descricao": "Cancelou o pedido 12.",
        "pessoa": "Ana",
        "endereco": "192.0.2.1",
    },
    # Alerts
    "AlertTargetIn": {"endereco": "https://casa.example/yaguts", "idioma": "pt_BR"},
    "AlertTargetOut": _TARGET,
    "NewAlertTargetOut": {**_TARGET, "chave": _TOKEN},
    "AlertKindOut": _KIND,
    "AlertsOut": {"destinos": [_TARGET], "tipos": [_KIND], **_CHOICES},
    "AlertChoicesIn": {"tipos": ["jar_low", "job_failed"], **_CHOICES},
    # Recipes
    "IngredientIn": _OREGANO,
    "IngredientOut": {"id": 15, **_OREGANO},
    "RecipeIn": {
        **_RECIPE,
        "ingredientes": [_SALT, _OREGANO],
        "a_mao": ["500 g de arroz"],
        "versao": "0f1e2d3c4b5a6978",
    },
    "RecipeOut": {
        "id": 7,
        **_RECIPE,
        "ingredientes": [{"id": 14, **_SALT}, {"id": 15, **_OREGANO}],
        "a_mao": ["500 g de arroz"],
        "versao": "0f1e2d3c4b5a6978",
    },
    "RecipeForm": {
        "nome": "Arroz de festa",
        "porcoes": "4",
        "tempero1": "Sal",
        "quantidade1": "8",
        "tempero2": "Orégano",
        "quantidade2": "1,2",
    },
    "Suggestion": {"id": 7, "nome": "Arroz de festa"},
    # Jars and motor
    "JarIn": {
        "frasco": 2,
        "rotulo": "Orégano",
        "g_por_seg": 0.5,
        "estoque_g": 80.0,
        "capacidade_g": 120.0,
    },
    "JarOut": {
        "frasco": 2,
        "rotulo": "Orégano",
        "g_por_seg": 0.5,
        "estoque_g": 80.0,
        "capacidade_g": 120.0,
        "updated_at": "2026-01-31T17:30:00Z",
    },
    # Maintenance and calibration
    "WhichJar": {"frasco": 2},
    "RunIn": {"frasco": 2, "segundos": 4.0},
    "WeightIn": {"quantidade_g": 2.05},
    "RunOut": _RUN,
    "FitOut": _FIT,
    "CalibrationOut": {
        "frasco": 2,
        "g_por_seg": None,
        "corridas": [
            _RUN,
            {**_RUN, "job_id": 45, "segundos": 4.0, "quantidade_g": 2.05},
            {**_RUN, "job_id": 46, "segundos": 6.0, "quantidade_g": 3.08},
        ],
        "ajuste": _FIT,
    },
    "DoseIn": {"frasco": 2, "quantidade_g": 1.5},
    "PurgeIn": {"frasco": 2, "segundos": 10.0},
    "CleaningIn": {"frascos": [2, 3]},
    "JarCount": {"frascos": 6},
    "JarCountOut": {"frascos": 6},
    "MotorIn": _MOTOR,
    "MotorOut": _MOTOR,
    # Jobs
    "OrderIn": {"receita_id": 7, "pessoas_solicitadas": 2},
    "DoseOut": {
        "id": 102,
        **_OREGANO_DOSE,
        "status": "running",
        "dispensado_g": 0.3,
        "quantidade_min_g": None,
        "retomadas": 0,
        "error": None,
    },
    "JobOut": {
        **_JOB,
        "tipo": "receita",
        "status": "done",
        "started_at": "2026-01-31T18:00:02Z",
        "finished_at": "2026-01-31T18:00:09Z",
        "erro_msg": None,
        "revisar": False,
        "aguarda_resposta": False,
        "a_mao": [],
        "itens": [
            {
                "id": number,
                **dose,
                "status": "done",
                "dispensado_g": dose["quantidade_g"],
                "quantidade_min_g": dose["quantidade_g"],
                "retomadas": 0,
                "error": None,
            }
            for number, dose in ((101, _SALT_DOSE), (102, _OREGANO_DOSE))
        ],
    },
    "ByHandOut": {"tempero": "Louro", "quantidade_g": 0.5},
    "ActiveJob": _ACTIVE,
    "ActiveOut": {"active": _ACTIVE},
    "QueuedJob": _QUEUED,
    "QueueOut": {"fila": [_QUEUED]},
    "CancelledOut": {"ok": True, "cancelled": 1},
    "OrphanDoseOut": _ORPHAN_DOSE,
    "ToldDoseOut": _TOLD_DOSE,
    "OrphanReportOut": _ORPHAN_REPORT,
    "OrphanReportsOut": {"relatorios": [_ORPHAN_REPORT]},
    # Dispensers
    "CodeRequest": {"formato": "longo"},
    "CodeOut": {"code": "K7QX-M2RD-9TFW", "expires_at": "2026-01-31T18:10:00Z"},
    "ClaimIn": {
        "uid": "a0b1c2d3e4f5",
        "claim_code": "K7QX-M2RD-9TFW",
        "fw_version": "0.2.0",
        "mac": "A0:B1:C2:D3:E4:F5",
    },
    "ClaimOut": {
        "device_id": 3,
        "device_token": _TOKEN,
        "heartbeat_sec": 30,
    },
    "Heartbeat": {"fw_version": "0.2.0", "status": {"rssi": -61, "heap": 41200}},
    "DispenserOut": _DISPENSER,
    "DispensersOut": {"devices": [_DISPENSER], "online_any": True},
    "DispenserIn": _SETTINGS,
    "NameIn": {"nome": "Bancada"},
    "ReplacesIn": {"substitui": 3},
    # Jobs for dispensers
    "OfferOut": {
        **_JOB,
        "job_key": _KEY,
        "validade_s": 598,
        "status": "queued",
        "started_at": None,
        "itens": [
            {"id": 101, **_SALT_DOSE, "status": "pending"},
            {"id": 102, **_OREGANO_DOSE, "status": "pending"},
        ],
        "pergunta_ao_retomar": True,
    },
    "AcceptIn": {"job_key": _KEY, "aceite": 1804289383},
    "AcceptedOut": {"ok": True, "job_key": _KEY},
    "ProgressIn": {
        "job_key": _KEY,
        "item_ordem": 1,
        "frasco": 1,
        "dispensado_g": 2.0,
        "status": "running",
        "pergunta": 271828183,
    },
    "ProgressOut": {"ok": True, "cancelar": False, "retomar": 271828183},
    "StatusIn": {"status": "done"},
    "ReportedDoseIn": {
        "item_ordem": 2,
        "frasco": 2,
        "tempero": "Orégano",
        "quantidade_g": 0.6,
        "status": "done",
    },
    "ReportIn": {
        "job_key": _KEY,
        "itens_completados": 1,
        "itens_falhados": 1,
        "execution_logs": [
            {
                "item_ordem": 1,
                "frasco": 1,
                "tempero": "Sal",
                "quantidade_g": 4.0,
                "quantidade_min_g": 4.0,
                "segundos": 2.0,
                "retomadas": 0,
                "status": "done",
            },
            {
                "item_ordem": 2,
                "frasco": 2,
                "tempero": "Orégano",
                "quantidade_g": 0.4,
                "quantidade_min_g": 0.2,
                "segundos": 0.8,
                "retomadas": 1,
                "status": "failed",
                "error": "sem fluxo",
            },
        ],
    },
    "ReportedOut": {
        "ok": True,
        "stock_deducted": True,
        "message": "Relatório registrado e estoque atualizado.",
    },
    # The server
    "Ok": {"ok": True},
    "BeatOut": {"ok": True},
    "UpdateOfferedOut": {"release": 7, "server": "0.2.0"},
    "ReleaseOut": {"release": 7, "manifest_size": 5120},
    "TokenOut": {"device_token": _TOKEN},
    "About": {"name": "Yaguts", "version": "0.2.0", "supported_until": "2028-12-31"},
    "TimeOut": {"utc": "2026-01-31T18:00:00Z"},
    "Health": {"status": "ok"},
    # Fields that are wrong
    "WrongField": {
        "type": "missing",
        "loc": ["body", "nome"],
        "msg": "Este campo é obrigatório.",
    },
}
