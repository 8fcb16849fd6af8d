"""The texts of the diagrams, in both languages."""

from collections.abc import Mapping

Words = Mapping[str, str]

WORDS: Mapping[str, Words] = {
    "en": {
        "3.3 V": "3.3 V",
        "button": "button",
        "buck": "converter 12 V → 5 V",
        "board": "ESP32 board",
        "coils": "relay coils, servos",
        "fuse": "fuse",
        "loads": "valves, motors",
        "motor": "motor, jar {n}",
        "mosfet": "transistor (MOSFET)",
        "relays": "relay board",
        "servo": "servo, jar {n}",
        "stepper": "stepper, jar {n}",
        "supply": "supply 12 V",
        "valve": "valve, jar {n}",
        "vibration": "vibration motor",
        "red": "red",
        "brown": "brown",
        "orange": "orange",
        "plug": "plug",
        "title new board": "A new {chip} board: relays, vibration motor, button",
        "title relays": "relays: relays that are on when high",
        "title relays-active-low": 'relays: relays that are on when low ("active_low": true)',
        "title mcp23017": "mcp23017: relays on an MCP23017",
        "title pcf8574": "pcf8574: relays on a PCF8574 or PCF8574A",
        "title servos": "servos: servos on a PCA9685",
        "title steppers": "steppers: steppers with STEP and DIR",
        "title uln2003": "uln2003: small steppers on ULN2003 boards",
        "title dc_motors": "dc_motors: DC motors on a DRV8833",
        "title dc_motors-l298n": "dc_motors: DC motors on an L298N",
        "title motor": "motor: the vibration motor on an L298N",
        "title motor-transistor": "motor: the vibration motor on a transistor",
        "title power": "Power: one supply of 12 V, a converter to 5 V, one common ground",
        "note ground": "All ground signs are one wire, and so are all signs of one voltage.",
        "note tags": "Tags with the same name are one wire.",
        "note diode": "Diodes: 1N4007. The bar (cathode) is on the side of the contact, the plus.",
        "note relays": (
            "12 V is an example: the voltage of your valves. Common and normally open contact; "
            "the third one (NC) stays free."
        ),
        "note high": "A board with a jumper for the trigger: set it to high.",
        "note low": "Jumper between VCC and JD-VCC off: 3.3 V for the inputs, 5 V for the coils.",
        "note expander": "Each relay's contacts, valve and diode as in the diagram of “relays”.",
        "note address": (
            "A0 to A2 make the address {address}: the one in the example of drivers.md."
        ),
        "note pcf": "P0 to P7 need no resistor: they are high by themselves.",
        "note servos": "V+ feeds the servos: from the converter, never from the board's 5V pin.",
        "note steppers": (
            "100 µF or more across VMOT and GND, close to the driver. Set the current limit "
            "before you fit a motor, and never pull a motor's plug under power."
        ),
        "note uln": "The motor's plug fits the board in one way. The diodes are in the ULN2003.",
        "note drv": "VM is 2.7 to 10.8 V. On many boards nSLEEP is called SLP or EEP.",
        "note l298n": (
            "The jumpers of ENA, ENB and of the 5 V regulator (up to 12 V) stay. The motors get "
            "about 2 V less than the supply: choose the supply for them. The board has the "
            "diodes."
        ),
        "note motor": (
            "Take the jumper of ENA off; that of the 5 V regulator stays, up to 12 V. IN2 is "
            "only ever low. The motor gets about 2 V less than the supply: choose the supply "
            "for it. The board has the diodes."
        ),
        "note mosfet": (
            "A MOSFET whose on-resistance its datasheet states for a gate voltage of 2.5 V. "
            "Across the motor a diode, 1N4007, its bar (cathode) on the side of the supply."
        ),
        "note power": (
            "Switch the 12 V off before you change a wire. The board takes its 5 V from the "
            "converter or from USB, not from both unless its maker allows it."
        ),
        "note button": (
            "The button's resistor may be left out, except on GPIO 34 to 39 of an ESP32."
        ),
    },
    "pt": {
        "3.3 V": "3,3 V",
        "button": "botão",
        "buck": "conversor 12 V → 5 V",
        "board": "placa ESP32",
        "coils": "bobinas, servos",
        "fuse": "fusível",
        "loads": "válvulas, motores",
        "motor": "motor, frasco {n}",
        "mosfet": "transistor (MOSFET)",
        "relays": "módulo de relés",
        "servo": "servo, frasco {n}",
        "stepper": "motor, frasco {n}",
        "supply": "fonte 12 V",
        "valve": "válvula {n}",
        "vibration": "motor vibratório",
        "red": "vermelho",
        "brown": "marrom",
        "orange": "laranja",
        "plug": "conector",
        "title new board": "Uma placa {chip} nova: relés, motor vibratório, botão",
        "title relays": "relays: relés que ligam em nível alto",
        "title relays-active-low": 'relays: relés que ligam em nível baixo ("active_low": true)',
        "title mcp23017": "mcp23017: relés em um MCP23017",
        "title pcf8574": "pcf8574: relés em um PCF8574 ou PCF8574A",
        "title servos": "servos: servos em um PCA9685",
        "title steppers": "steppers: motores de passo com STEP e DIR",
        "title uln2003": "uln2003: motores de passo pequenos em placas ULN2003",
        "title dc_motors": "dc_motors: motores CC em um DRV8833",
        "title dc_motors-l298n": "dc_motors: motores CC em um L298N",
        "title motor": "motor: o motor vibratório em um L298N",
        "title motor-transistor": "motor: o motor vibratório em um transistor",
        "title power": "Alimentação: uma fonte de 12 V, um conversor para 5 V, um terra comum",
        "note ground": (
            "Todos os símbolos de terra são um só fio, e todos os de uma mesma tensão também."
        ),
        "note tags": "Etiquetas com o mesmo nome são um só fio.",
        "note diode": "Diodos: 1N4007. A barra (catodo) fica do lado do contato, o positivo.",
        "note relays": (
            "12 V é um exemplo: a tensão das suas válvulas. Contato comum e normalmente aberto; "
            "o terceiro (NC) fica livre."
        ),
        "note high": "Módulo com jumper de acionamento: ponha-o em nível alto (H).",
        "note low": (
            "Sem o jumper entre VCC e JD-VCC: 3,3 V para as entradas, 5 V para as bobinas."
        ),
        "note expander": (
            "Os contatos, a válvula e o diodo de cada relé como no diagrama de “relays”."
        ),
        "note address": "A0 a A2 formam o endereço {address}: o do exemplo em drivers.md.",
        "note pcf": "P0 a P7 não precisam de resistor: ficam em nível alto sozinhos.",
        "note servos": "V+ alimenta os servos: do conversor, nunca do pino 5V da placa.",
        "note steppers": (
            "100 µF ou mais entre VMOT e GND, perto do driver. Ajuste o limite de corrente "
            "antes de ligar um motor, e nunca solte o conector de um motor com a energia "
            "ligada."
        ),
        "note uln": (
            "O conector do motor entra na placa de um só jeito. Os diodos estão no ULN2003."
        ),
        "note drv": "VM é de 2,7 a 10,8 V. Em muitas placas nSLEEP se chama SLP ou EEP.",
        "note l298n": (
            "Os jumpers de ENA, ENB e do regulador de 5 V (até 12 V) ficam. Os motores recebem "
            "cerca de 2 V a menos que a fonte: escolha a fonte para eles. A placa tem os "
            "diodos."
        ),
        "note motor": (
            "Retire o jumper de ENA; o do regulador de 5 V fica, até 12 V. IN2 fica sempre em "
            "nível baixo. O motor recebe cerca de 2 V a menos que a fonte: escolha a fonte para "
            "ele. A placa tem os diodos."
        ),
        "note mosfet": (
            "Um MOSFET cuja folha de dados indica a resistência com 2,5 V no gate. Em paralelo "
            "com o motor, um diodo 1N4007, com a barra (catodo) do lado da alimentação."
        ),
        "note power": (
            "Desligue os 12 V antes de mudar um fio. A placa recebe os 5 V do conversor ou do "
            "USB, não dos dois, a menos que o fabricante permita."
        ),
        "note button": "O resistor do botão pode faltar, menos nos GPIO 34 a 39 de um ESP32.",
    },
}
