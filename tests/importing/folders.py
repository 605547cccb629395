"""Folders of CSV files for the tests of the import."""

from __future__ import annotations

from pathlib import Path

from sqlalchemy import func, select

from graphql_api.database import Database
from graphql_api.importing.folder import import_folder
from graphql_api.importing.report import ImportReport
from graphql_api.models import rows

FILES = {
    "products": "code,name,edition,onboarding_types\ns1,Starter,STARTER,\np1,Pro,PROFESSIONAL,g:Guided|s:Self\n",
    "staff": "email,name,role,locale\ncam@v.example,Cam,CHANNEL_ACCOUNT_MANAGER,EN\n",
    "partners": "external_id,name,cam_email,pdm_email\nP1,One,cam@v.example,\n",
    "users": "partner_external_id,email,name,role,active,locale\nP1,u@p1.example,Uma,admin,yes,es\n",
    "clients": "external_id,partner_external_id,name,domain\nC1,P1,Acme,acme.example\nC2,P1,Bolt,\n",
    "contacts": "client_external_id,email,name,roles,locale\nC1,a@acme.example,Ana,PRIMARY|BILLING,ES\n",
    "renewals": (
        "external_id,client_external_id,product_codes,renews_on,status,current_mrr,renewal_mrr,currency,"
        "renewal_manager_email\nR1,C1,s1|p1,2027-01-31,PENDING,10.50,,EUR,cam@v.example\n"
    ),
    "deals": (
        "external_id,name,shared,partner_external_id,client_external_id,stage,amount,currency,closes_on\n"
        "D1,Sale,true,P1,C1,Won,12,EUR,2026-12-01\nD2,Direct,0,,,New,,,\n"
    ),
}


def written(folder: Path, **files: str | bytes) -> Path:
    """The folder, with these files beside what is there."""
    for name, content in files.items():
        raw = content if isinstance(content, bytes) else content.encode()
        (folder / f"{name}.csv").write_bytes(raw)
    return folder


def without_progress(_name: str, _done: int, _total: int) -> None:
    """Nobody looks."""


async def imported(database: Database, folder: Path, *, skip_bad_rows: bool = False) -> ImportReport:
    return await import_folder(database, folder, skip_bad_rows=skip_bad_rows, progress=without_progress)


def counts(report: ImportReport) -> dict[str, tuple[int, ...]]:
    """Created, updated, unchanged, removed and bad rows, by file."""
    return {file.name.removesuffix(".csv"): (*file.counts, file.bad) for file in report.files}


async def count_of(database: Database, model: type[rows.Base]) -> int:
    async with database.read() as session:
        return await session.scalar(select(func.count()).select_from(model)) or 0
