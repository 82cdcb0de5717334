"""A mail server of one user for tests: enough of IMAP4rev1 over TLS, on a socket, in a thread of its own."""

from __future__ import annotations

import datetime as dt
import ipaddress
import re
import socket
import ssl
import threading
from dataclasses import dataclass, field
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID


def certificate(folder: Path) -> tuple[Path, Path]:
    """A certificate of 127.0.0.1 and its key, valid for a day around today."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "127.0.0.1")])
    now = dt.datetime.now(dt.UTC)
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - dt.timedelta(days=1))
        .not_valid_after(now + dt.timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.IPAddress(ipaddress.ip_address("127.0.0.1"))]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )
    cert, private = folder / "cert.pem", folder / "key.pem"
    cert.write_bytes(made.public_bytes(serialization.Encoding.PEM))
    private.write_bytes(
        key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    )
    return cert, private


@dataclass
class Mail:
    """A message in a mailbox."""

    uid: int
    raw: bytes
    flags: set[str] = field(default_factory=set)


class PostOffice:
    """Listens on a port of 127.0.0.1; ``boxes`` are its mailboxes, ``said`` every command it was given."""

    def __init__(self, folder: Path, *, can_move: bool = True) -> None:
        self.cert, key = certificate(folder)
        self.boxes: dict[str, list[Mail]] = {"INBOX": [], "Taken": []}
        self.said: list[str] = []
        self.hang_up_on = ""
        self._can_move = can_move
        self._context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        self._context.load_cert_chain(self.cert, key)
        self._listening = socket.create_server(("127.0.0.1", 0))
        self.port = int(self._listening.getsockname()[1])
        self._thread = threading.Thread(target=self._serve, daemon=True)
        self._thread.start()

    def deliver(self, raw: bytes, box: str = "INBOX") -> Mail:
        """Put a message into a mailbox."""
        mail = Mail(1 + sum(len(each) for each in self.boxes.values()), raw)
        self.boxes[box].append(mail)
        return mail

    def close(self) -> None:
        """Stop listening; closing alone would leave the thread waiting for a caller."""
        self._listening.shutdown(socket.SHUT_RDWR)
        self._listening.close()
        self._thread.join(timeout=5)

    def _serve(self) -> None:
        while True:
            try:
                plain, _ = self._listening.accept()
            except OSError:
                return
            try:
                with self._context.wrap_socket(plain, server_side=True) as line:
                    self._talk(line)
            except OSError:
                continue

    def _talk(self, line: ssl.SSLSocket) -> None:
        heard = line.makefile("rb")
        selected = ""

        def say(text: str | bytes) -> None:
            line.sendall((text.encode() if isinstance(text, str) else text) + b"\r\n")

        say("* OK ready")
        for command in heard:
            tag, _, rest = command.decode().rstrip("\r\n").partition(" ")
            self.said.append(re.sub(r"^LOGIN .*", "LOGIN …", rest))
            word = rest.upper()
            if self.hang_up_on and self.hang_up_on in word:
                return
            if word == "CAPABILITY":
                say(f"* CAPABILITY IMAP4rev1{' MOVE' if self._can_move else ''}")
            elif word.startswith("LOGIN"):
                if rest != 'LOGIN reads "correct horse"':
                    say(f"{tag} NO wrong password")
                    continue
            elif word.startswith("SELECT"):
                selected = rest.split(" ", 1)[1].strip('"')
                if selected not in self.boxes:
                    say(f"{tag} NO no such mailbox")
                    continue
                say(f"* {len(self.boxes[selected])} EXISTS")
            elif word.startswith("UID SEARCH"):
                found = [mail for mail in self.boxes[selected] if r"\Deleted" not in mail.flags]
                say("* SEARCH " + " ".join(str(mail.uid) for mail in found))
            elif word.startswith("UID"):
                self._message(rest, selected, say)
            elif word == "LOGOUT":
                say("* BYE")
                say(f"{tag} OK bye")
                return
            say(f"{tag} OK done")

    def _message(self, rest: str, box: str, say: object) -> None:
        assert callable(say)
        _, verb, uid, what = rest.split(" ", 3)
        mail = next(each for each in self.boxes[box] if each.uid == int(uid))
        if verb.upper() == "FETCH" and "SIZE" in what:
            say(f"* 1 FETCH (UID {uid} RFC822.SIZE {len(mail.raw)})")
        elif verb.upper() == "FETCH":
            part = mail.raw if what == "(BODY.PEEK[])" else mail.raw.partition(b"\r\n\r\n")[0] + b"\r\n\r\n"
            head = what.strip("()").replace(".PEEK", "")
            say(f"* 1 FETCH (UID {uid} {head} {{{len(part)}}}\r\n".encode() + part + b")")
        elif verb.upper() == "STORE":
            mail.flags.update(re.findall(r"\\\w+", what))
        elif verb.upper() == "MOVE":
            self.boxes[box].remove(mail)
            self.boxes[what.strip('"')].append(mail)
