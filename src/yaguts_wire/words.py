"""Every Portuguese key and status word of the wire, once, under its English name.

The wire is Portuguese because firmware 0.1 is in use; the code is English. Words that are the same
in both languages (`id`, `status`, `error`) are here too, so that the contract is in one place. The
words that dispensers use are in `dispenser_words`, the others below.
"""

from yaguts_wire.dispenser_words import *  # noqa: F403

# Keys of jobs and their doses
FINISHED_AT = "finished_at"
ERROR_MESSAGE = "erro_msg"
REVIEW = "revisar"
BY_HAND = "a_mao"
ALLOW_BY_HAND = "permitir_a_mao"
KIND = "tipo"
PAUSED = "aguarda_resposta"

# Reports, progress and acceptance
MESSAGE = "message"
JOB_STATUS = "job_status"

# Pairing and heartbeats
CODE = "code"
EXPIRES_AT = "expires_at"
FORMAT = "formato"
LONG_FORMAT = "longo"
MAC = "mac"
DEVICES = "devices"
LAST_SEEN = "last_seen"
ONLINE = "online"
ANY_ONLINE = "online_any"
IS_DEFAULT = "padrao"
NEWCOMER = "recem_chegado"
REPLACES = "substitui"
QUEUES = "aceita_fila"
JARS = "frascos"

# People, recipes, jars
NAME = "nome"
PASSWORD = "senha"
CURRENT_PASSWORD = "senha_atual"
INVITATION = "convite"
INVITATIONS = "convites"
FIRST_WORD = "palavra"
LINK = "link"
OWNER = "dono"
MEMBERS = "membros"
SINCE = "desde"
EVENT = "evento"
DESCRIPTION = "descricao"
PERSON = "pessoa"
ADDRESS = "endereco"
BEFORE = "antes"
AFTER = "depois"
TARGETS = "destinos"
LANGUAGE = "idioma"
KINDS = "tipos"
WANTED = "desejado"
QUIET_FROM = "silencio_inicio"
QUIET_UNTIL = "silencio_fim"
TIME_ZONE = "fuso"
SILENT_MIN = "mudo_min"
SENT_AT = "enviado_em"
FAILED_AT = "falhou_em"
FAULT = "falha"
WAITING = "na_espera"
SIGNED = "assinado"
SIGNING_KEY = "chave"
ABOUT = "sobre"
TITLE = "titulo"
TEXT = "texto"
FACTS = "fatos"
PORTIONS = "porcoes"
INGREDIENTS = "ingredientes"
RECIPES = "receitas"
QUANTITY = "quantidade"
VERSION = "versao"
LABEL = "rotulo"
RATE_G_PER_S = "g_por_seg"
STOCK_G = "estoque_g"
CAPACITY_G = "capacidade_g"
UPDATED_AT = "updated_at"
ACTIVE = "active"
CANCELLED_COUNT = "cancelled"
REPORTS = "relatorios"
JOB_ID = "job_id"
RECEIVED_AT = "recebido_em"
CONTRADICTION = "motivo"
TOLD = "relatado"
DROPPED = "omitidos"
QUEUE_UP = "entrar_na_fila"
QUEUE = "fila"
PLACE = "posicao"
DETAIL = "detail"

# Live events
TYPE = "type"
DATA = "data"
TIMESTAMP = "timestamp"
LOG_ENTRY_EVENT = "execution_log_entry"
COMPLETE_EVENT = "execution_complete"
PROGRESS_EVENT = "progress"
PING = "ping"
PONG = "pong"

# Status of a job
QUEUED = "queued"
DONE_PARTIAL = "done_partial"
CANCELED = "canceled"

# Status of an item
PENDING = "pending"

# Firmware up to 0.1.3 says `error` where later ones say `failed`
STATUS_ERROR = "error"

# What a job is for
RECIPE = "receita"
DOSE = "dose"
PURGE = "purga"
CLEANING = "limpeza"
CALIBRATION = "calibracao"

# Calibration
RUNS = "corridas"
FIT = "ajuste"
SOUND = "valida"
SPREAD_PERCENT = "desvio_pct"
EVENNESS = "regularidade"
EVEN = "uniforme"
FAIR = "aceitavel"
UNEVEN = "irregular"

# A jar that nobody has labelled, where a spice would stand
NO_LABEL = "sem rótulo"

# The spices every kitchen starts with
BASE_SPICES = ("Alho em pó", "Cominho", "Orégano", "Pimenta", "Sal")

# Why a jar failed, as the dispenser reports it and people read it
NO_REPORT = "sem relatório"
UNCONFIRMED = "entrega não confirmada"
RESTORED = "restaurado"
