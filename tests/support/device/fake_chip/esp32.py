"""The `esp32` of an ESP32: NVS is a folder, and its partition has the stock size."""

from files import FileFlash

FOLDER = "/.nvs"
NVS_BYTES = 0x6000


class NVS(FileFlash):
    def __init__(self, namespace):
        super().__init__(FOLDER, namespace)


class Partition:
    TYPE_DATA = 1

    @staticmethod
    def find(type, label=None):
        return [Partition()]

    def info(self):
        return (1, 2, 0x9000, NVS_BYTES, "nvs", False)

    def readblocks(self, page, buffer, offset):
        for place in range(len(buffer)):
            buffer[place] = 0xFF


class RMT:
    @staticmethod
    def bitstream_rmt(value):
        return value

    def __init__(self, number, **arguments):
        pass

    def write_pulses(self, *arguments):
        pass

    def wait_done(self, **arguments):
        return True

    def deinit(self):
        pass
