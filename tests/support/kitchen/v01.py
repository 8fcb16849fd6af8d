"""Databases of a version 0.1, made as its own models make them, with what goes wrong in them."""

import json
import sqlite3
from collections.abc import Mapping, Sequence
from contextlib import closing
from functools import cache
from pathlib import Path
from typing import Any

import bcrypt
import psycopg

MODELS: dict[str, str] = {
    "usuarios": "id INTEGER PRIMARY KEY, nome VARCHAR(80) NOT NULL UNIQUE, senha_hash VARCHAR(255)",
    "receitas": "id INTEGER PRIMARY KEY, nome VARCHAR(120), dono_id INTEGER, porcoes INTEGER",
    "ingredientes_receita": "id INTEGER PRIMARY KEY, receita_id INTEGER, tempero VARCHAR(60),"
    " quantidade FLOAT",
    "reservatorio_config": "id INTEGER PRIMARY KEY, user_id INTEGER, frasco INTEGER,"
    " rotulo VARCHAR(80), g_por_seg FLOAT, estoque_g FLOAT, updated_at TIMESTAMP",
    "motor_config": "id INTEGER PRIMARY KEY, user_id INTEGER UNIQUE, vibration_intensity INTEGER,"
    " pre_start_delay_ms INTEGER, post_stop_delay_ms INTEGER, max_runtime_sec INTEGER,"
    " updated_at TIMESTAMP",
    "devices": "id INTEGER PRIMARY KEY, user_id INTEGER, uid VARCHAR(64) UNIQUE,"
    " name VARCHAR(120), fw_version VARCHAR(32), status_json TEXT, last_seen TIMESTAMP,"
    " created_at TIMESTAMP",
    "jobs": "id INTEGER PRIMARY KEY, user_id INTEGER, receita_id INTEGER, status VARCHAR(20),"
    " multiplicador INTEGER, pessoas_solicitadas INTEGER, created_at TIMESTAMP,"
    " started_at TIMESTAMP, finished_at TIMESTAMP, itens_completados INTEGER,"
    " itens_falhados INTEGER, execution_report TEXT, erro_msg VARCHAR(255)",
    "job_items": "id INTEGER PRIMARY KEY, job_id INTEGER, ordem INTEGER, frasco INTEGER,"
    " tempero VARCHAR(60), quantidade_g FLOAT, segundos FLOAT, status VARCHAR(20),"
    " erro_msg VARCHAR(255)",
}
OLDEST = MODELS | {
    "receitas": "id INTEGER PRIMARY KEY, nome VARCHAR(120), dono_id INTEGER",
    "jobs": "id INTEGER PRIMARY KEY, user_id INTEGER, receita_id INTEGER, status VARCHAR(20),"
    " multiplicador INTEGER, created_at TIMESTAMP, started_at TIMESTAMP, finished_at TIMESTAMP,"
    " erro_msg VARCHAR(255)",
}
"""Without the columns that came later."""
del OLDEST["motor_config"]

Rows = Mapping[str, Sequence[Mapping[str, Any]]]


@cache
def hashed(password: str) -> str:
    """As passlib kept it: bcrypt over the first 72 bytes. The cost is low, to be quick."""
    return bcrypt.hashpw(password.encode()[:72], bcrypt.gensalt(4)).decode()


def job(job_id: int, *doses: tuple[int, str, float], **columns: Any) -> dict[str, Any]:
    """An order of person 1's with its doses: `job(1, (1, "Sal", 4.0), status="done")`."""
    at = f"2026-01-{10 + job_id % 20:02} 12:00:00"
    usual = {"user_id": 1, "receita_id": None, "multiplicador": 1, "pessoas_solicitadas": 1}
    times = {"created_at": at, "started_at": at, "finished_at": at}
    return {"id": job_id, **usual, **times, **columns, "doses": doses}


def log(*entries: tuple[int, str, float, str], **more: Any) -> dict[str, Any]:
    """The columns of a report: `log((1, "Sal", 4.0, "done"))`."""
    told = [
        {"frasco": jar, "tempero": spice, "quantidade_g": grams, "segundos": 1.0, "status": status}
        for jar, spice, grams, status in entries
    ]
    done = sum(entry["status"] == "done" for entry in told)
    counts = {"itens_completados": done, "itens_falhados": len(told) - done}
    return {**counts, "execution_report": json.dumps(told), **more}


def recipe(number: int, name: str, *parts: tuple[str, float], **columns: Any) -> dict[str, Any]:
    """A recipe of person 1's with its ingredients."""
    return {"id": number, "nome": name, "dono_id": 1, "porcoes": 1, **columns, "parts": parts}


def spread(
    recipes: Sequence[Mapping[str, Any]] = (), jobs: Sequence[Mapping[str, Any]] = (), **rows: Any
) -> Rows:
    """The rows of all tables."""
    tables: dict[str, list[Mapping[str, Any]]] = dict(rows)
    tables["receitas"] = [_without(each, "parts") for each in recipes]
    tables["ingredientes_receita"] = _numbered(
        {"receita_id": each["id"], "tempero": spice, "quantidade": grams}
        for each in recipes
        for spice, grams in each["parts"]
    )
    tables["jobs"] = [_without(each, "doses") for each in jobs]
    tables["job_items"] = _numbered(
        {
            "job_id": each["id"],
            "ordem": order,
            "frasco": jar,
            "tempero": spice,
            "quantidade_g": grams,
            "segundos": grams / 2,
            "status": "queued",
        }
        for each in jobs
        for order, (jar, spice, grams) in enumerate(each["doses"], start=1)
    )
    return tables


def make_sqlite(file: Path, rows: Rows, models: Mapping[str, str] = MODELS) -> str:
    """A SQLite file with these rows; its path."""
    with closing(sqlite3.connect(file)) as opened:
        for table, columns in models.items():
            opened.execute(f"CREATE TABLE {table} ({columns})")
        for statement, values in _inserts(rows, "?", models):
            opened.execute(statement, values)
        opened.commit()
    return str(file)


def make_postgresql(url: str, rows: Rows) -> str:
    """The same in a bare database of PostgreSQL's, where reports are JSON; its address."""
    with psycopg.connect(url) as opened:
        for table, columns in MODELS.items():
            as_json = columns.replace("execution_report TEXT", "execution_report JSON")
            opened.execute(f"CREATE TABLE {table} ({as_json})".encode())
        for statement, values in _inserts(rows, "%s", MODELS):
            opened.execute(statement.encode(), values)
    return url


def _inserts(rows: Rows, mark: str, models: Mapping[str, str]) -> Any:
    for table, all_of_them in rows.items():
        for row in all_of_them:
            known = {
                name: row[name]
                for name in row
                if f" {name} " in f" {models[table]}" or models[table].startswith(f"{name} ")
            }
            marks = ", ".join([mark] * len(known))
            yield f"INSERT INTO {table} ({', '.join(known)}) VALUES ({marks})", [*known.values()]


def _numbered(rows: Any) -> list[Mapping[str, Any]]:
    return [{"id": number, **row} for number, row in enumerate(rows, start=1)]


def _without(row: Mapping[str, Any], name: str) -> dict[str, Any]:
    return {key: value for key, value in row.items() if key != name}


SHORT, LONG = "sal", "á" * 36 + "fim"
"""Passwords of version 0.1: there was no shortest, and bcrypt looks at the first 72 bytes."""
BOARD, SECOND_BOARD = "A1B2C3D4E5F6", "0000FACE0001"
LAST_JOB = 17
LONG_NAME = "Maria das Dores do Sagrado Coração de Jesus da Silva e Albuquerque Neta"


def every_trap() -> Rows:
    """Everything that was found in databases of version 0.1, and what is like it."""
    people = (
        (1, "Ana", hashed(SHORT)),
        (2, "ANA", hashed("outra senha")),
        (3, LONG_NAME, hashed(LONG)),
        (4, "Bia\x07 Exemplo\n", hashed("bia")),
        (5, "Sem Senha", "pbkdf2$nada"),
        (6, "  ", hashed("x")),
    )
    jars = (
        (1, "Sal", 2.0, 186.0),
        (2, "Pimenta", 0.0001, 143.0),
        (3, "Orégano", 4.0, 200_000.0),
        (4, "Louro\r\n", 2.5, None),
        (7, "Cominho", 1.0, 1.0),
    )
    reservoirs = [
        dict(
            zip(
                ("id", "user_id", "frasco", "rotulo", "g_por_seg", "estoque_g", "updated_at"),
                (number, 1, *jar, "2026-01-05 08:00:00"),
                strict=True,
            )
        )
        for number, jar in enumerate(jars, start=1)
    ]
    return spread(
        usuarios=[{"id": n, "nome": name, "senha_hash": kept} for n, name, kept in people],
        reservatorio_config=reservoirs,
        motor_config=[
            {"id": 1, "user_id": 1, "vibration_intensity": 150, "pre_start_delay_ms": 400,
             "post_stop_delay_ms": 200, "max_runtime_sec": 240}
        ],
        devices=[
            {"id": 1, "user_id": 1, "uid": SECOND_BOARD, "fw_version": "0.1.5",
             "last_seen": "2025-12-01 10:00:00"},
            {"id": 2, "user_id": 1, "uid": BOARD, "name": "Cozinha\x00".replace("\x00", "\x01"),
             "fw_version": "0.1.6", "last_seen": "2026-01-30 10:00:00.195100"},
            {"id": 3, "user_id": 2, "uid": "x", "fw_version": "0.1.6"},
        ],
        recipes=(
            recipe(1, "Vinagrete", ("Sal", 4.0), ("Pimenta", 3.0), porcoes=2),
            recipe(2, "Duas vezes sal", ("SAL", 2.0), ("Sal", 3.0)),
            recipe(3, "Festa", ("Sal", 80.0), porcoes=40),
            recipe(4, "Demais", ("Sal", 600.0)),
            recipe(5, "Nada"),
            recipe(6, "Passos\t", ("Sal", 4.55)),
            recipe(7, "De ninguém", ("Sal", 1.0), dono_id=99),
        ),
        jobs=(
            job(1, (1, "Sal", 4.0), (2, "Pimenta", 3.0), receita_id=1, status="done",
                pessoas_solicitadas=2, **log((1, "Sal", 4.0, "done"), (2, "Pimenta", 3.0, "done"))),
            job(2, (1, "Sal", 6.0), (2, "Pimenta", 4.5), receita_id=1, status="done_partial",
                pessoas_solicitadas=3,
                **log((1, "Sal", 6.0, "done"), (2, "Pimenta", 4.5, "failed"))),
            job(3, (1, "Sal", 1.0), status="done"),
            job(4, (1, "Sal", 2.0), status="failed", erro_msg="frasco invalido"),
            job(5, (1, "Sal", 1.0), status="failed", erro_msg="cancelado pelo usuário"),
            job(6, (1, "Sal", 2.0), receita_id=99, status="done", **log((1, "Sal", 2.0, "done"))),
            job(7, (3, "Orégano", 2.0), receita_id=2, status="done"),
            job(8, (1, "Sal", 3.0), status="done", **log((1, "Sal", -50.0, "done"))),
            job(9, (1, "Sal", 1.0), status="done",
                **log((1, "application/json\r\n", 1.0, "done"))),
            job(10, (1, "Sal", 6.0), (3, "Orégano", 3.0), status="running", finished_at=None),
            job(11, (1, "Sal", 1.0), status="queued", started_at=None, finished_at=None),
            job(12, (1, "Sal", 1.0), (3, "Orégano", 1.0), status="done", itens_completados=1,
                itens_falhados=1, execution_report="[]"),
            job(13, (1, "Sal", 2.0), status="failed", erro_msg="cancelado pelo usuário",
                **log((1, "Sal", 2.0, "done"))),
            job(14, (1, "Sal", 2.0), status="done", itens_completados=1, itens_falhados=0,
                execution_report='"{cortado"', created_at="2031-01-01 00:00:00"),
            job(15, (9, "Sal", 2.0), status="done"),
            job(16, (1, "Sal", 2.0), user_id=99, status="done"),
            job(LAST_JOB, status="done"),
        ),
    )  # fmt: skip
