"""A store that speaks as much of S3 as a delivery needs, and checks every signature (SigV4)."""

from __future__ import annotations

import hashlib
import hmac
import re
from urllib.parse import quote

from destinations.services import SECRET, Answer, Request

KEY_ID = "AKIATESTS"


class S3Store:
    """Objects by their path; parts become an object when all of them have arrived."""

    def __init__(self) -> None:
        self.objects: dict[str, bytes] = {}
        self.parts: dict[str, dict[int, bytes]] = {}

    def __call__(self, request: Request) -> Answer:
        if not is_signed(request):
            return Answer(403, _error("SignatureDoesNotMatch"))
        path, query = request.path, request.query
        if request.method == "HEAD":
            return self._head(path)
        if request.method == "POST" and "uploads" in query:
            self.parts[path] = {}
            return Answer(200, _xml("InitiateMultipartUploadResult", "<UploadId>U1</UploadId>"))
        if request.method == "PUT" and "partNumber" in query:
            self.parts[path][int(query["partNumber"])] = body_of(request)
            return Answer(200, b"", {"ETag": '"x"'})
        if request.method == "PUT":
            self.objects[path] = body_of(request)
            return Answer(200, b"", {"ETag": '"x"'})
        if request.method == "POST" and "uploadId" in query:
            held = self.parts.pop(path)
            self.objects[path] = b"".join(held[number] for number in sorted(held))
            return Answer(200, _xml("CompleteMultipartUploadResult", "<ETag>x</ETag>"))
        if request.method == "GET" and "list-type" in query:
            return Answer(200, _xml("ListBucketResult", "<KeyCount>0</KeyCount>"))
        if request.method == "DELETE":
            self.parts.pop(path, None)
            return Answer(204)
        return Answer(400, _error(f"{request.method} {path} {query}"))

    def _head(self, path: str) -> Answer:
        if path not in self.objects:
            return Answer(404)
        return Answer(200, b"", {"Content-Length": str(len(self.objects[path]))})


def body_of(request: Request) -> bytes:
    """What was sent, without the chunks that a signed stream comes in."""
    if "aws-chunked" not in request.headers.get("content-encoding", ""):
        return request.body
    found, rest = b"", request.body
    while rest:
        size, _, rest = rest.partition(b"\r\n")
        length = int(size.partition(b";")[0], 16)
        if not length:
            break
        found, rest = found + rest[:length], rest[length + 2 :]
    return found


def is_signed(request: Request, secret: str = SECRET) -> bool:
    """Whether the signature is that of AWS Signature Version 4 with the secret."""
    given = re.fullmatch(
        r"AWS4-HMAC-SHA256 Credential=(\w+)/(\d{8}/[\w-]+/s3/aws4_request), ?"
        r"SignedHeaders=([^,]+), ?Signature=([0-9a-f]{64})",
        request.headers.get("authorization", ""),
    )
    if not given or given[1] != KEY_ID:
        return False
    scope, names, signature = given[2], given[3].split(";"), given[4]
    hashed = request.headers["x-amz-content-sha256"]
    if re.fullmatch("[0-9a-f]{64}", hashed):
        assert hashed == hashlib.sha256(request.body).hexdigest()
    query = sorted((quote(k, safe="-_.~"), quote(v, safe="-_.~")) for k, v in request.query.items())
    canonical = "\n".join(
        [
            request.method,
            request.path,
            "&".join(f"{k}={v}" for k, v in query),
            *(f"{name}:{' '.join(request.headers[name].split())}" for name in names),
            "",
            ";".join(names),
            hashed,
        ]
    )
    digest = hashlib.sha256(canonical.encode()).hexdigest()
    to_sign = f"AWS4-HMAC-SHA256\n{request.headers['x-amz-date']}\n{scope}\n{digest}"
    key = f"AWS4{secret}".encode()
    for part in scope.split("/"):
        key = hmac.new(key, part.encode(), hashlib.sha256).digest()
    return hmac.compare_digest(
        hmac.new(key, to_sign.encode(), hashlib.sha256).hexdigest(), signature
    )


def _xml(tag: str, inside: str) -> bytes:
    space = 'xmlns="http://s3.amazonaws.com/doc/2006-03-01/"'
    return f'<?xml version="1.0"?><{tag} {space}>{inside}</{tag}>'.encode()


def _error(code: str) -> bytes:
    return f"<?xml version='1.0'?><Error><Code>{code}</Code><Message>no</Message></Error>".encode()
