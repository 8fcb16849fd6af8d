"""A dispenser with firmware 0.1, as those in people's kitchens behave: it knows nothing of 0.2."""

import http.client
import json
from typing import Any

from tests.support.processes.kitchen import Person, Server


class Arduino:
    """Opens a connection for every call, takes any 200 from `next_job` as a job to dispense now."""

    def __init__(self, server: Server, token: str = "") -> None:
        self.server, self.token = server, token

    @classmethod
    def paired(cls, person: Person, uid: str, firmware: str = "0.1.6") -> "Arduino":
        board = cls(person.server)
        claim = {"uid": uid, "claim_code": person.code(long=False), "fw_version": firmware}
        status, answer = board.call("POST", "/devices/claim", claim)
        assert status == 200, answer
        board.token = answer["device_token"]
        return board

    def call(self, method: str, path: str, body: object = None) -> tuple[int, Any]:
        """Status and decoded body of one call on a connection of its own."""
        connection = http.client.HTTPConnection("127.0.0.1", self.server.port, timeout=7)
        headers = {"Content-Type": "application/json", "Connection": "close"}
        if self.token:
            headers["Authorization"] = f"Bearer {self.token}"
        data = None if body is None else json.dumps(body).encode()
        try:
            connection.request(method, path, data, headers)
            answer = connection.getresponse()
            content = answer.read()
        finally:
            connection.close()
        return answer.status, json.loads(content) if content else None

    def poll(self) -> dict[str, Any] | None:
        """The job it would dispense now, or None."""
        status, job = self.call("GET", "/devices/me/next_job")
        assert status in (200, 204), (status, job)
        return job

    def report_of(self, job: dict[str, Any], **failed: str) -> dict[str, Any]:
        """What it says after dispensing the job; `failed` names jars: `jar2="motor travado"`."""
        logs = [self._entry(dose, failed.get(f"jar{dose['frasco']}")) for dose in job["itens"]]
        done = sum(entry["status"] == "done" for entry in logs)
        return {
            "itens_completados": done,
            "itens_falhados": len(logs) - done,
            "execution_logs": logs,
        }

    def complete(self, job_id: int, report: object) -> tuple[int, Any]:
        return self.call("POST", f"/devices/me/jobs/{job_id}/complete", report)

    @staticmethod
    def _entry(dose: dict[str, Any], error: str | None) -> dict[str, Any]:
        entry = {
            "item_ordem": dose["ordem"],
            "frasco": dose["frasco"],
            "tempero": dose["tempero"],
            "quantidade_g": dose["quantidade_g"],
            "segundos": dose["segundos"],
            "status": "failed" if error else "done",
        }
        return {**entry, "error": error} if error else entry
