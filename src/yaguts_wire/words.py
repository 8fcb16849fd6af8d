"""Every Portuguese key and status word of the wire, once, under its English name.

The wire is Portuguese because version 0.1 is in people's kitchens; the code is English. They
meet here. Words that are the same in both languages (`id`, `status`, `error`) stand here too, so
that a reader of the contract finds all of it in one file.
"""

# Keys of jobs and their items
ID = "id"
STATUS = "status"
JOB_KEY = "job_key"
TIME_TO_LIVE_S = "validade_s"
RECIPE_ID = "receita_id"
PEOPLE = "pessoas_solicitadas"
MULTIPLIER = "multiplicador"
CREATED_AT = "created_at"
STARTED_AT = "started_at"
FINISHED_AT = "finished_at"
ERROR_MESSAGE = "erro_msg"
ITEMS = "itens"
REVIEW = "revisar"
ORDER = "ordem"
JAR = "frasco"
SPICE = "tempero"
QUANTITY_G = "quantidade_g"
SECONDS = "segundos"

# The vibration motor
MOTOR = "motor_config"
INTENSITY = "vibration_intensity"
PRE_START_MS = "pre_start_delay_ms"
POST_STOP_MS = "post_stop_delay_ms"
MAX_RUNTIME_S = "max_runtime_sec"

# Reports, progress and acceptance
COMPLETED = "itens_completados"
FAILED_COUNT = "itens_falhados"
LOGS = "execution_logs"
ITEM_ORDER = "item_ordem"
AT_LEAST_G = "quantidade_min_g"
RESUMES = "retomadas"
ERROR = "error"
DISPENSED_G = "dispensado_g"
CANCEL = "cancelar"
OK = "ok"
MESSAGE = "message"
STOCK_DEDUCTED = "stock_deducted"
JOB_STATUS = "job_status"

# Claims and heartbeats
UID = "uid"
CLAIM_CODE = "claim_code"
CODE = "code"
EXPIRES_AT = "expires_at"
FORMAT = "formato"
LONG_FORMAT = "longo"
FIRMWARE = "fw_version"
MAC = "mac"
DEVICE_ID = "device_id"
DEVICE_TOKEN = "device_token"
HEARTBEAT_S = "heartbeat_sec"
DEVICES = "devices"
LAST_SEEN = "last_seen"
ONLINE = "online"
ANY_ONLINE = "online_any"
IS_DEFAULT = "padrao"
JARS = "frascos"
UTC = "utc"

# People, recipes, jars
NAME = "nome"
PASSWORD = "senha"
CURRENT_PASSWORD = "senha_atual"
PORTIONS = "porcoes"
INGREDIENTS = "ingredientes"
QUANTITY = "quantidade"
LABEL = "rotulo"
RATE_G_PER_S = "g_por_seg"
STOCK_G = "estoque_g"
UPDATED_AT = "updated_at"
ACTIVE = "active"
CANCELLED_COUNT = "cancelled"
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
RUNNING = "running"
DONE = "done"
DONE_PARTIAL = "done_partial"
FAILED = "failed"
CANCELED = "canceled"

# Status of an item
PENDING = "pending"

# Firmware up to 0.1.3 says `error` where later ones say `failed`
STATUS_ERROR = "error"

# Header in which firmware 0.2 says which job it holds (empty: none)
HOLDING_HEADER = "Yaguts-Holding"

# The spices every kitchen starts with
BASE_SPICES = ("Alho em pó", "Cominho", "Orégano", "Pimenta", "Sal")

# Why a jar failed, as the dispenser reports it and people read it
NO_FLOW = "sem fluxo"
STUCK_RELAY = "válvula travada"
NO_DRIVER = "acionador ausente"
INTERRUPTED = "interrompido"
STOPPED = "cancelado"
TOO_LONG = "acima de 180 s"
DAMAGED_RECORD = "registro corrompido"
MOTOR_FAULT = "falha no motor"
EXPIRED = "expirado"
REPEATED = "repetido"
NOT_POSSIBLE = "não cabe neste dispensador"
NO_REPORT = "sem relatório"
UNCONFIRMED = "entrega não confirmada"
