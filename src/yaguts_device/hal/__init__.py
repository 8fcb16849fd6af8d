"""The board: its interface, the ESP32, and a virtual board in a process."""
