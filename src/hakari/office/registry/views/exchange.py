"""Taking the register away as a file, and bringing one in."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST

from hakari.errors import InputError
from hakari.messages import say
from hakari.office.core.access import OfficeRequest, allowed
from hakari.office.core.forms import tell
from hakari.office.core.language import reader_language
from hakari.office.people.models import Unit
from hakari.office.people.permissions import Permission
from hakari.office.registry.actions.imports import export_register, import_register, keep_import
from hakari.office.registry.exchange.export import as_csv, as_workbook, exported
from hakari.office.registry.exchange.mapping import TARGETS, Mapped
from hakari.office.registry.exchange.reading import LARGEST, MOST_ROWS, Sheet, read_sheet
from hakari.office.registry.exchange.trial import Trial, tried
from hakari.office.registry.filters import Filters
from hakari.office.registry.forms import UploadForm
from hakari.office.registry.models import ImportFile

__all__ = ["export", "import_file", "upload"]

_TYPES = {
    "csv": "text/csv; charset=utf-8",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}
_PAGE = 100


@allowed(Permission.EXPORT)
@require_POST
def export(request: OfficeRequest) -> HttpResponse:
    """Answer with a file of what this person sees and has filtered."""
    kind = "xlsx" if request.POST.get("format") == "xlsx" else "csv"
    language = reader_language()
    rows = list(exported(request.access, Filters.read(request.GET), language=language))
    content = as_workbook(iter(rows)) if kind == "xlsx" else as_csv(iter(rows))
    export_register(len(rows) - 1, kind, by=request.access.person)
    response = HttpResponse(content, content_type=_TYPES[kind])
    response["Content-Disposition"] = f'attachment; filename="register-{timezone.localdate().isoformat()}.{kind}"'
    return response


@allowed(Permission.IMPORT)
@require_http_methods(["GET", "HEAD", "POST"])
def upload(request: OfficeRequest) -> HttpResponse:
    """Take the file of a register."""
    form = UploadForm(request.POST or None, request.FILES or None)
    if request.method == "POST" and form.is_valid():
        file = form.cleaned_data["file"]
        try:
            if file.size > LARGEST:
                raise InputError(say("office.registry.import.too_large", most=LARGEST // 2**20))
            kept = keep_import(file.read(), str(file.name), by=request.access.person)
        except InputError as error:
            form.add_error("file", tell(error.message.key, **error.message.arguments))  # type: ignore[attr-defined]
        else:
            return redirect("registry:import_file", digest=kept.digest)
    context = {"form": form, "most_rows": MOST_ROWS}
    return render(request, "registry/upload.html", context)


@allowed(Permission.IMPORT)
@require_http_methods(["GET", "HEAD", "POST"])
def import_file(request: OfficeRequest, digest: str) -> HttpResponse:
    """Show the mapping and the dry run of an uploaded register, or import it."""
    kept = ImportFile.objects.filter(digest=digest, uploaded_by=request.access.person).first()
    if kept is None:
        raise Http404
    sheet = read_sheet(bytes(kept.content))
    if request.method == "POST":
        entered = import_register(sheet, Mapped.read(request.POST, sheet.headings), by=request.access.person)
        messages.success(request, tell("office.registry.import.done", number=len(entered)), extra_tags="good")
        return redirect("registry:list")
    mapped = Mapped.read(request.GET, sheet.headings)
    trial = tried(request.access, sheet, mapped)
    return render(request, "registry/import.html", _context(request, kept, sheet, mapped, trial))


def _context(request: OfficeRequest, kept: ImportFile, sheet: Sheet, mapped: Mapped, trial: Trial) -> dict[str, Any]:
    return {
        "kept": kept,
        "headings": list(enumerate(sheet.headings)),
        "targets": [(name, mapped.columns.get(name)) for name in TARGETS],
        "mapped": mapped,
        "units": Unit.objects.all(),
        "page": Paginator(trial.rows, _PAGE).get_page(request.GET.get("page")),
        "entering": len(trial.entering),
        "problems": trial.count("problems"),
        "known": trial.count("known"),
        "alike": trial.count("alike"),
    }
