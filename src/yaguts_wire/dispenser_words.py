"""The wire's words that dispensers use, under their English names. `words` has the others too.

A board has a small heap, so the words that only people's calls use are not here.
"""

# Keys of jobs and their doses
ID = "id"
STATUS = "status"
JOB_KEY = "job_key"
TIME_TO_LIVE_S = "validade_s"
RECIPE_ID = "receita_id"
PEOPLE = "pessoas_solicitadas"
MULTIPLIER = "multiplicador"
CREATED_AT = "created_at"
STARTED_AT = "started_at"
ITEMS = "itens"
ORDER = "ordem"
JAR = "frasco"
SPICE = "tempero"
QUANTITY_G = "quantidade_g"
SECONDS = "segundos"
ASKS = "pergunta_ao_retomar"

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
QUESTION = "pergunta"
RESUME = "retomar"
OK = "ok"
STOCK_DEDUCTED = "stock_deducted"
ACCEPTANCE = "aceite"

# Pairing and heartbeats
UID = "uid"
CLAIM_CODE = "claim_code"
FIRMWARE = "fw_version"
DEVICE_ID = "device_id"
DEVICE_TOKEN = "device_token"
HEARTBEAT_S = "heartbeat_sec"
RENEW_TOKEN = "trocar_token"
PARKED = "relatorios_recusados"
LOST = "relatorios_perdidos"
HAPPENINGS = "acontecimentos"
UTC = "utc"

# Status of a job
RUNNING = "running"
DONE = "done"
FAILED = "failed"

# Header in which firmware 0.2 sends the key of its job (empty: none)
HOLDING_HEADER = "Yaguts-Holding"

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
STOPPED_HERE = "parado no dispensador"
