"""A small OpenID Connect provider that really runs: discovery, code, token, signed identity.

It signs in whom it is told to, at once; everything else is as the standard has it,
PKCE and the audience included.
"""

from __future__ import annotations

import base64
import hashlib
import json
import secrets
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, urlsplit

import jwt
from cryptography.hazmat.primitives.asymmetric import rsa

CLIENT = "harken-test"
SECRET = "the client's secret"
KEY = rsa.generate_private_key(public_exponent=65537, key_size=2048)


class Provider(ThreadingHTTPServer):
    """The provider; ``subject`` is who signs in next.

    ``forged`` are claims of its identity token that are not so, ``key`` what signs it.
    """

    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Answers)
        self.subject = "subject-1"
        self.codes: dict[str, dict[str, str]] = {}
        self.elsewhere = ""
        self.strange = False
        self.forged: dict[str, object] = {}
        self.key: Any = KEY
        self.asked: list[str] = []

    @property
    def address(self) -> str:
        """Where it answers."""
        return f"http://127.0.0.1:{self.server_address[1]}"


class _Answers(BaseHTTPRequestHandler):
    server: Provider

    def do_GET(self) -> None:
        asked = urlsplit(self.path)
        self.server.asked.append(asked.path)
        if self.server.elsewhere and asked.path != "/elsewhere":
            self.send_response(302)
            self.send_header("Location", self.server.elsewhere)
            self.send_header("Content-Length", "0")
            self.end_headers()
            return
        if self.server.strange:
            self._json({"maintenance": "until noon"})
            return
        here = self.server.address
        match asked.path:
            case "/.well-known/openid-configuration":
                self._json(
                    {
                        "issuer": here,
                        "authorization_endpoint": f"{here}/authorize",
                        "token_endpoint": f"{here}/token",
                        "jwks_uri": f"{here}/keys",
                        "token_endpoint_auth_methods_supported": ["client_secret_post"],
                    }
                )
            case "/authorize":
                self._authorize({k: v[0] for k, v in parse_qs(asked.query).items()})
            case "/keys":
                made = json.loads(jwt.algorithms.RSAAlgorithm.to_jwk(KEY.public_key()))
                self._json({"keys": [made | {"kid": "1", "alg": "RS256"}]})
            case _:
                self.send_error(404)

    def do_POST(self) -> None:
        size = int(self.headers["Content-Length"])
        form = {k: v[0] for k, v in parse_qs(self.rfile.read(size).decode()).items()}
        kept = self.server.codes.pop(form.get("code", ""), None)
        digest = hashlib.sha256(form.get("code_verifier", "").encode()).digest()
        proof = base64.urlsafe_b64encode(digest).rstrip(b"=").decode()
        right = (
            kept is not None
            and form.get("client_secret") == SECRET
            and form.get("redirect_uri") == kept["redirect_uri"]
            and proof == kept["code_challenge"]
        )
        if not right or kept is None:
            self.send_error(400)
            return
        now = int(time.time())
        claims = {
            "iss": self.server.address,
            "aud": CLIENT,
            "sub": kept["subject"],
            "iat": now,
            "exp": now + 300,
            "name": "Somebody's Full Name",
            "email": "somebody@example.org",
        } | self.server.forged
        way = "RS256" if self.server.key else "none"
        signed = jwt.encode(
            claims, self.server.key, algorithm=way, headers={"kid": "1"}
        )
        self._json(
            {"access_token": secrets.token_hex(8), "token_type": "Bearer"}
            | {"id_token": signed}
        )

    def _authorize(self, asked: dict[str, str]) -> None:
        code = secrets.token_hex(16)
        self.server.codes[code] = asked | {"subject": self.server.subject}
        self.send_response(302)
        self.send_header(
            "Location", f"{asked['redirect_uri']}?code={code}&state={asked['state']}"
        )
        self.end_headers()

    def _json(self, value: object) -> None:
        body = json.dumps(value).encode()
        self.send_response(200)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *args: object) -> None:
        """Says nothing."""


@contextmanager
def provider() -> Iterator[Provider]:
    """A running provider, gone afterwards."""
    server = Provider()
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield server
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
