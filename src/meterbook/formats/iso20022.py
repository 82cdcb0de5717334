"""Account statements and notifications of ISO 20022 (camt.053, camt.054): what both messages share.

Messages are checked by rules of our own: which elements an entry, a balance or an account must, may and may not have,
and in which order, for versions 2, 3, 4 and 8. An element of a level read here that the rules do not know refuses the
file; what lies deeper and is not read is passed over.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from lxml import etree

from meterbook.formats.contract import WrongFormat

_NAMESPACE = re.compile(r"urn:iso:std:iso:20022:tech:xsd:(camt\.05[34]\.001\.\d\d)", re.ASCII)
VERSIONS = ("02", "03", "04", "08")

_ENTRY = (
    "NtryRef? Amt CdtDbtInd RvslInd? Sts BookgDt? ValDt? AcctSvcrRef? Avlbty* BkTxCd ComssnWvrInd? AddtlInfInd? "
    "AmtDtls? Chrgs* TechInptChanl? Intrst* CardTx? NtryDtls* AddtlNtryInf?"
)
_STATEMENT = (
    "Id StmtPgntn? ElctrncSeqNb? RptgSeq? LglSeqNb? CreDtTm FrToDt? CpyDplctInd? RptgSrc? Acct RltdAcct? Intrst* Bal+ "
    "TxsSummry? Ntry* AddtlStmtInf?"
)
#: The children of each level, in order: ? at most one, * any, + at least one, nothing exactly one; | one of these.
RULES = {
    "BkToCstmrStmt": "GrpHdr Stmt+ SplmtryData*",
    "BkToCstmrDbtCdtNtfctn": "GrpHdr Ntfctn+ SplmtryData*",
    "GrpHdr": "MsgId CreDtTm MsgRcpt? MsgPgntn? OrgnlBizQry? AddtlInf?",
    "Stmt": _STATEMENT,
    "Ntfctn": _STATEMENT.replace("Bal+ ", "").replace("Stmt", "Ntfctn"),
    "Acct": "Id Tp? Ccy? Nm? Prxy? Ownr? Svcr?",
    "Acct/Id": "IBAN|Othr",
    "Bal": "Tp CdtLine* Amt CdtDbtInd Dt Avlbty*",
    "Bal/Tp": "CdOrPrtry SubTp?",
    "Tp/CdOrPrtry": "Cd|Prtry",
    "Bal/Dt": "Dt|DtTm",
    "Ntry": _ENTRY,
    "Ntry/BookgDt": "Dt|DtTm",
    "Ntry/ValDt": "Dt|DtTm",
    "Ntry/BkTxCd": "Domn? Prtry?",
    "NtryDtls": "Btch? TxDtls*",
    "Btch": "MsgId? PmtInfId? NbOfTxs? TtlAmt? CdtDbtInd?",
    "TxsSummry": "TtlNtries? TtlCdtNtries? TtlDbtNtries? TtlNtriesPerBkTxCd*",
    "TtlCdtNtries": "NbOfNtries? Sum?",
    "TtlDbtNtries": "NbOfNtries? Sum?",
}
#: Version 8 leaves out the statement's own time where the header has it.
_OPTIONAL_FROM_8 = {("Stmt", "CreDtTm"), ("Ntfctn", "CreDtTm")}


@dataclass(frozen=True, slots=True)
class Element:
    """One element with the names this message uses; `None` where an element is absent."""

    node: Any
    namespace: str
    version: str

    @property
    def name(self) -> str:
        return _name(self.node)

    @property
    def line(self) -> int:
        """The line of the file it begins on."""
        return self.node.sourceline or 0

    def all(self, path: str) -> list[Element]:
        """Every element at a path such as ``NtryDtls/TxDtls``."""
        steps = "/".join(f"{{{self.namespace}}}{step}" for step in path.split("/"))
        return [Element(each, self.namespace, self.version) for each in self.node.iterfind(steps)]

    def one(self, path: str) -> Element | None:
        """The first element at a path."""
        return next(iter(self.all(path)), None)

    def text(self, path: str = "") -> str:
        """The text at a path without outer blanks, '' where absent."""
        found = self.one(path) if path else self
        return "" if found is None else (found.node.text or "").strip()

    def refuse(self, reason: str, *, found: str, expected: str, field: str = "") -> WrongFormat:
        """The refusal, with this element's line and name."""
        return WrongFormat(reason, line=self.line, field=field or self.name, found=found, expected=expected)


def message(data: bytes, *, kind: str, body: str) -> Element:
    """The message element of a file of `kind` (``camt.053``), every level read here checked.

    Raises `WrongFormat` for what is not well-formed, declares a document type, is another message or version, or
    breaks a rule of `RULES`.
    """
    root = _root(data)
    found = _NAMESPACE.fullmatch(etree.QName(root).namespace or "")
    if _name(root) != "Document" or not found or not found[1].startswith(kind) or found[1][-2:] not in VERSIONS:
        raise WrongFormat(
            "another message or version", line=root.sourceline or 1, field="namespace", found=str(root.tag),
            expected=f"{kind}.001 version {', '.join(VERSIONS)}",
        )  # fmt: skip
    document = Element(root, etree.QName(root).namespace or "", found[1][-2:])
    children = list(_children(document))
    if [each.name for each in children] != [body]:
        names = " ".join(each.name for each in children)
        raise document.refuse("another message", found=names, expected=body)
    _check(children[0], body)
    return children[0]


def _root(data: bytes) -> Any:
    parser = etree.XMLParser(
        resolve_entities=False, no_network=True, load_dtd=False, remove_comments=True, remove_pis=True, huge_tree=False
    )
    try:
        root = etree.fromstring(data, parser)
    except (etree.LxmlError, ValueError) as error:
        line = getattr(error, "lineno", None) or 0
        reason = f"not well-formed XML ({str(error).split(', line')[0]})"
        raise WrongFormat(reason, line=line, field="XML", found="", expected="a complete XML file") from error
    info = root.getroottree().docinfo
    if info.internalDTD is not None or info.externalDTD is not None:
        raise WrongFormat("a document type is declared", line=1, field="DOCTYPE", found=info.root_name, expected="none")
    return root


def _check(element: Element, rule_name: str) -> None:
    """Compare one level with its rule and go on below it."""
    rule = RULES[rule_name]
    children = list(_children(element))
    if "|" in rule:
        names = [each.name for each in children]
        if len(names) != 1 or names[0] not in rule.split("|"):
            raise element.refuse("not one of these", found=" ".join(names), expected=rule.replace("|", " or "))
    else:
        _check_order(element, rule.split(), children)
    for child in children:
        for name in (f"{element.name}/{child.name}", child.name):
            if name in RULES:
                _check(child, name)
                break


def _check_order(element: Element, steps: list[str], children: list[Element]) -> None:
    known = {step.rstrip("?*+"): at for at, step in enumerate(steps)}
    last, counts = 0, dict.fromkeys(known, 0)
    for child in children:
        at = known.get(child.name)
        if at is None or at < last:
            reason = "unknown element" if at is None else "element out of order"
            raise child.refuse(
                reason, field=element.name, found=child.name, expected=" ".join(steps[last:]) or "nothing"
            )
        last = at
        counts[child.name] += 1
        if counts[child.name] > 1 and steps[at][-1] not in "*+":
            raise child.refuse("twice", field=element.name, found=child.name, expected="one")
    for name, at in known.items():
        if (
            counts[name]
            or steps[at][-1] in "?*"
            or (element.version == "08" and (element.name, name) in _OPTIONAL_FROM_8)
        ):
            continue
        raise element.refuse("an element is missing", found="", expected=name)


def _children(element: Element) -> Iterator[Element]:
    for each in element.node:
        if not isinstance(each.tag, str) or etree.QName(each).namespace != element.namespace:
            raise element.refuse("an element of another namespace", found=str(each.tag), expected=element.namespace)
        yield Element(each, element.namespace, element.version)


def _name(node: Any) -> str:
    return str(etree.QName(node).localname)
