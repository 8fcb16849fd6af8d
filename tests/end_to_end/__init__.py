"""Tests of server and firmware as real processes, with real sockets and kills."""
