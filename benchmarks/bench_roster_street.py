"""A street's and a county's roster previewed and confirmed, beside django-import-export as it comes.

Its resource has the columns, the checks and the foreign key that our ledger has; it runs with its
defaults: a dry run with every model's `full_clean`, then the import, each looking every row up.
"""

# the peers are not among the locked dependencies: who runs this bench installs them
# pyright: reportMissingImports=false, reportMissingModuleSource=false

from __future__ import annotations

from functools import partial
from pathlib import Path
from typing import Any

from benchmarks import roster
from benchmarks.bench_roster_import import take_in
from benchmarks.measure import Watch

TITLE = "导入：7,000 行和 20,000 行 × 20 列，预览后确认"
REPEAT = 1
COUNTS = (7_000, 20_000)


def prepare(folder: Path) -> None:
    for count in COUNTS:
        roster.workbook(folder, count)
        roster.office(folder, count)


def ours(count: int, folder: Path, watch: Watch) -> None:
    from gridoffice.office import Office

    office = Office.open(roster.office(folder, count))
    assert take_in(office, roster.workbook(folder, count), watch) == f"新增 {count}"
    office.close()


def peer(count: int, folder: Path, watch: Watch) -> None:
    import tablib

    resource, grids = _resource(folder / "django.db")
    content = roster.workbook(folder, count).read_bytes()
    data = tablib.Dataset().load(content, format="xlsx", headers=False)
    place = data[1].index("所属网格")
    grids.objects.bulk_create([grids(name=name) for name in {row[place] for row in data[2:]}])
    with watch:
        data = tablib.Dataset().load(content, format="xlsx", headers=False)
        trimmed = tablib.Dataset(*data[2:], headers=data[1])
        seen = resource().import_data(trimmed, dry_run=True)
        assert not seen.has_errors() and not seen.has_validation_errors()
        done = resource().import_data(trimmed, dry_run=False, raise_errors=True)
    assert done.totals["new"] == count


def _resource(database: Path) -> tuple[Any, Any]:
    import django
    from django.conf import settings

    database.unlink(missing_ok=True)
    settings.configure(
        INSTALLED_APPS=["django.contrib.contenttypes"],
        DATABASES={"default": {"ENGINE": "django.db.backends.sqlite3", "NAME": str(database)}},
        USE_TZ=False,
    )
    django.setup()
    from django.core.exceptions import ValidationError
    from django.db import connection, models
    from import_export import fields, resources, widgets

    from db.enums import Employment
    from gridoffice import idcard

    def right(number: str) -> None:
        if idcard.check(number) is not None:
            raise ValidationError(number)

    class Grid(models.Model):
        name = models.CharField(max_length=100, unique=True)

        class Meta:
            app_label = "contenttypes"  # any app that is installed

    def text(length: int, **how: Any) -> Any:
        return models.CharField(max_length=length, blank=True, null=True, **how)

    class Member(models.Model):
        name = models.CharField(max_length=50, db_index=True)
        title = text(50)
        grid = models.ForeignKey(Grid, on_delete=models.PROTECT)
        id_number = models.CharField(max_length=18, unique=True, validators=[right])
        phone = text(11, db_index=True)
        sex = models.CharField(max_length=1, choices=[(word, word) for word in "男女"])
        ethnicity = text(20)
        birth = models.DateField(null=True)
        political = text(20)
        education = text(20)
        employment = models.CharField(max_length=4, choices=[(one.label, one.label) for one in Employment])
        from_day = models.DateField(null=True)
        to_day = models.DateField(null=True, blank=True)
        contract_end = models.DateField(null=True, blank=True)
        note = text(200)

        class Meta:
            app_label = "contenttypes"

    with connection.schema_editor() as editor:
        editor.create_model(Grid)
        editor.create_model(Member)
    made: dict[str, Any] = {
        column.name: fields.Field(column.name, column.field.label)
        for column in roster.COLUMNS
        if column.field.kind != "date" and column.name != "grid"
    }
    made["grid"] = fields.Field("grid", "所属网格", widget=widgets.ForeignKeyWidget(Grid, "name"))
    for name in ("birth", "from_day", "to_day", "contract_end"):
        label = next(column.field.label for column in roster.COLUMNS if column.name == name)
        made[name] = fields.Field(name, label, widget=widgets.DateWidget())
    meta = type(
        "Meta",
        (),
        {
            "model": Member,
            "fields": tuple(made),
            "import_id_fields": ("id_number",),
            "clean_model_instances": True,
        },
    )
    return type("Roster", (resources.ModelResource,), {**made, "Meta": meta}), Grid


CASES = {
    f"{name} {count:,} 行": partial(case, count)
    for count in COUNTS
    for name, case in (("网格办", ours), ("django-import-export", peer))
}
