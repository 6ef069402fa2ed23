#!/usr/bin/env python3
"""A strict Chat Completions server that plays a script file, for tests and for trying things by hand.

It answers only requests that a careful client would send: anything else gets status 400 and the reason. Which turn of
the script comes next follows from the messages, which must repeat every earlier turn byte for byte, with one tool
message for each tool call, and nothing that an earlier request held may be changed. What the tools answered must match
the script's "expect".

By hand, from a project folder whose gatehouse.json names it:

    chatserver.py --stay --port 8080 --script scripts/credit-note.script.json --agent planner
    "strict": { "api": "chat-completions", "baseUrl": "http://127.0.0.1:8080/v1", "model": "scripted" }
    gatehouse run workflows/credit-note.workflow.json --model strict

The first line on standard output is "port N"; then one JSON line per request. It ends when standard input closes,
unless --stay is given.
"""
import argparse
import email.utils
import http.server
import json
import os
import re
import socket
import struct
import sys
import threading
import time

FAULTS = """Faults, each as KIND@N (the Nth request, from 1) or KIND@* (every request):
  429, 429-date (Retry-After as a date), 429-long (an hour), 502, 503, 504 (no Retry-After), 500, 401 (repeats the key),
  html-502, html (200), json (200, not a stream), notype, redirect,
  cut (half the stream, then closed), cut-head (headers only), reset, close (before any byte), hang (half, then silence),
  silent (no byte at all), endless (comments for ever), garbage, badchunk, halfchunk (ends within a chunk, in order),
  errorchunk, hugeline, hugebody, deep, noid, noname, sameid, argobject, nofinish (only [DONE]), empty,
  nodone, nonewline, crlf, cr, comments, multiline, bom, unknown, indexless, sameindex, shuffled (harmless: must be understood)"""


class Refused(Exception):
    """The request is not what a careful client sends."""


def require(condition, reason):
    if not condition:
        raise Refused(reason)


def no_duplicates(pairs):
    keys = [key for key, _ in pairs]
    require(len(keys) == len(set(keys)), f"duplicate keys among {keys}")
    return dict(pairs)


# ---------------------------------------------------------------- the script

class Script:
    """The turns of one agent, from a *.script.json."""

    def __init__(self, path, agent):
        with open(path, encoding="utf-8") as file:
            document = json.load(file)
        if agent is None and len(document["agents"]) == 1:
            agent = next(iter(document["agents"]))
        if agent not in document["agents"]:
            sys.exit(f"{path}: no agent {agent}; there are: {', '.join(document['agents'])}")
        self.scripts = split_scripts(document["agents"][agent])
        self.usage = document.get("usage", {})

    def for_task(self, task):
        for turns in self.scripts:
            if "task" not in turns[0] or re.search(turns[0]["task"], task):
                return turns
        raise Refused(f"no script is for the task: {task[:200]!r}")

    def tool_names(self):
        return {call["tool"] for turns in self.scripts for turn in turns for call in turn.get("calls", [])}


def split_scripts(turns):
    scripts = []
    for turn in turns:
        if isinstance(turn, list):
            scripts.append(turn)
        elif not scripts or "task" in turn:
            scripts.append([turn])
        else:
            scripts[-1].append(turn)
    return scripts


def text_of(turn):
    return "\n\n".join(part for part in (turn.get("say"), turn.get("final")) if part)


def arguments_of(call):
    arguments = call["arguments"]
    if not isinstance(arguments, str):
        return json.dumps(arguments, ensure_ascii=False)
    if call["tool"] == "apply_patch":
        return json.dumps({"patch": arguments}, ensure_ascii=False)
    return arguments


# ---------------------------------------------------------------- judging a request

def check_tools(body, options, script):
    tools = body.get("tools")
    require(isinstance(tools, list) and tools, "tools are missing: a request must carry the tools' schemas")
    names = []
    for number, tool in enumerate(tools):
        where = f"tools[{number}]"
        require(isinstance(tool, dict) and tool.get("type") == "function", f"{where} is not a function tool")
        function = tool.get("function")
        require(isinstance(function, dict), f"{where}.function is missing")
        require(re.fullmatch(r"[A-Za-z0-9_-]{1,64}", str(function.get("name"))), f"{where} has a bad name: {function.get('name')!r}")
        require(isinstance(function.get("description"), str) and function["description"], f"{where} has no description")
        schema = function.get("parameters")
        require(isinstance(schema, dict) and schema.get("type") == "object" and isinstance(schema.get("properties"), dict),
                f"{where}.parameters is not an object schema")
        names.append(function["name"])
    require(len(names) == len(set(names)), f"two tools have one name: {names}")
    missing = script.tool_names() - set(names)
    require(not missing, f"the schema of {sorted(missing)} is missing from tools")
    if options.tools:
        require(sorted(names) == sorted(options.tools.split(",")), f"tools are {sorted(names)}, not {sorted(options.tools.split(','))}")


def check_envelope(body, options):
    require(isinstance(body, dict), "the body is not an object")
    require(body.get("model") == options.model, f"model is {body.get('model')!r}, not {options.model!r}")
    require(body.get("stream") is True, "stream is not true")
    require(body.get("stream_options") == {"include_usage": True}, "stream_options.include_usage is not true")
    known = {"model", "stream", "stream_options", "messages", "tools", "tool_choice", "parallel_tool_calls", "temperature",
             "top_p", "max_tokens", "max_completion_tokens", "reasoning_effort"}
    require(set(body) <= known, f"unknown members: {sorted(set(body) - known)}")


def check_assistant(message, turn, number):
    where = f"the assistant message of turn {number + 1}"
    expected = text_of(turn)
    content = message.get("content")
    require((content or "") == expected, f"{where} is not what was said: {content!r}, said was {expected!r}")
    calls = message.get("tool_calls", [])
    said = turn.get("calls", [])
    require(isinstance(calls, list) and len(calls) == len(said), f"{where} has {len(calls)} tool calls, {len(said)} were made")
    require("tool_calls" not in message or calls, f"{where} has an empty list of tool calls")
    for call, made in zip(calls, said):
        require(call == {"id": made["id"], "type": "function",
                         "function": {"name": made["tool"], "arguments": arguments_of(made)}},
                f"{where}: tool call {call!r} is not the one that was made: {made['id']}")
    return [call["id"] for call in calls]


def check_results(messages, at, ids, results):
    """The tool messages that must follow a turn with calls; returns where they end."""
    for identifier in ids:
        require(at < len(messages), f"the result of tool call {identifier} is missing")
        message = messages[at]
        require(message.get("role") == "tool", f"messages[{at}] is a {message.get('role')} message; the result of {identifier} is missing")
        require(message.get("tool_call_id") == identifier, f"messages[{at}] answers {message.get('tool_call_id')!r}, not {identifier!r}")
        require(isinstance(message.get("content"), str), f"messages[{at}].content is not text")
        require(set(message) == {"role", "tool_call_id", "content"}, f"messages[{at}] has other members: {sorted(message)}")
        results[identifier] = message["content"]
        at += 1
    return at


def read_users(messages, at):
    """User messages from here on; returns where they end."""
    while at < len(messages) and messages[at].get("role") == "user":
        require(isinstance(messages[at].get("content"), str), f"messages[{at}].content is not text")
        at += 1
    return at


def next_turn(messages, script):
    """Checks the whole conversation and returns the number and the turn that comes next."""
    require(isinstance(messages, list) and messages and all(isinstance(m, dict) for m in messages), "messages are missing")
    at = 1 if messages[0].get("role") == "system" else 0
    if at:
        require(isinstance(messages[0].get("content"), str) and messages[0]["content"], "the system message is empty")
    start = at
    at = read_users(messages, at)
    require(at > start, "no user message stands first")
    turns = script.for_task(messages[start]["content"])
    results, number = {}, 0
    while at < len(messages):
        message = messages[at]
        require(message.get("role") == "assistant", f"messages[{at}] is a {message.get('role')} message, where turn {number + 1} must stand")
        require(number < len(turns), f"messages[{at}]: there was no turn {number + 1}")
        ids = check_assistant(message, turns[number], number)
        at = check_results(messages, at + 1, ids, results)
        at = read_users(messages, at)
        number += 1
    require(messages[-1]["role"] != "assistant", "nothing new since the last answer")
    require(number < len(turns), f"the script ends after {len(turns)} turns")
    for expected in turns[number].get("expect", []):
        result = results.get(expected["call"])
        require(result is not None, f"turn {number + 1} expects a result of {expected['call']}, which there is not")
        require(re.search(expected["matches"], result),
                f"the result of {expected['call']} does not match {expected['matches']!r}: {result[:500]!r}")
    return number, turns[number]


class Memory:
    """Earlier requests by their beginning: a later one must contain them, in order and unchanged."""

    def __init__(self):
        self.lock = threading.Lock()
        self.conversations = {}

    def check(self, messages):
        key = json.dumps(messages[:2])
        with self.lock:
            known = self.conversations.get(key, [])
            fresh = not any(message["role"] == "assistant" for message in messages)
            if not fresh:
                require(messages[:len(known)] == known, "an earlier message was changed or left out")
            self.conversations[key] = messages


# ---------------------------------------------------------------- the answer

def pieces(text, size):
    return [text[i:i + size] for i in range(0, len(text), size)]


class Answer:
    """The chunks of one turn, with the fault built in."""

    def __init__(self, turn, usage, model, fault):
        self.turn, self.usage, self.model, self.fault = turn, usage, model, fault

    def chunk(self, delta, finish=None):
        chunk = {"id": "chatcmpl-1", "object": "chat.completion.chunk", "created": 1, "model": self.model,
                 "choices": [{"index": 0, "delta": delta, "logprobs": None, "finish_reason": finish}]}
        if self.fault == "unknown":
            chunk.update({"system_fingerprint": None, "new": {"deep": [1, 2.5, None]}})
            chunk["choices"][0]["delta"]["reasoning_content"] = "hm"
            chunk["choices"].append({"index": 1, "delta": {"content": "another choice"}})
        return chunk

    def call_deltas(self, number, call):
        head = {"index": number, "id": call["id"], "type": "function", "function": {"name": call["tool"], "arguments": ""}}
        if self.fault == "noid":
            del head["id"]
        if self.fault == "noname":
            del head["function"]["name"]
        if self.fault == "sameid":
            head["id"] = "same"
        if self.fault == "argobject":
            head["function"]["arguments"] = {"cmd": "ls"}
        deltas = [head] + [{"index": number, "function": {"arguments": piece}} for piece in pieces(arguments_of(call), 7)]
        for delta in deltas:
            if self.fault == "indexless":
                del delta["index"]
            if self.fault == "sameindex":
                delta["index"] = 0
        return deltas

    def chunks(self):
        if self.fault == "empty":
            return []
        out = [self.chunk({"role": "assistant", "content": "" if text_of(self.turn) else None})]
        out += [self.chunk({"content": piece}) for piece in pieces(text_of(self.turn), 5)]
        rows = [self.call_deltas(i, call) for i, call in enumerate(self.turn.get("calls", []))]
        if self.fault == "shuffled":  # the calls' pieces take turns
            rows = [[row[i] for row in rows if i < len(row)] for i in range(max(map(len, rows), default=0))]
        out += [self.chunk({"tool_calls": [delta]}) for row in rows for delta in row]
        if self.fault != "nofinish":
            out.append(self.chunk({}, "tool_calls" if rows else "stop"))
        usage = {**{"input": 0, "output": 0}, **self.usage, **self.turn.get("usage", {})}
        out.append({"id": "chatcmpl-1", "object": "chat.completion.chunk", "created": 1, "model": self.model, "choices": [],
                    "usage": {"prompt_tokens": usage["input"], "completion_tokens": usage["output"],
                              "total_tokens": usage["input"] + usage["output"],
                              "prompt_tokens_details": {"cached_tokens": usage["input"] // 2}}})
        return out

    def events(self):
        indent = 1 if self.fault == "multiline" else None
        texts = [json.dumps(chunk, ensure_ascii=False, indent=indent) for chunk in self.chunks()]
        half = len(texts) // 2
        if self.fault == "badchunk":
            texts.insert(half, '{"choices": [')
        if self.fault == "deep":
            texts.insert(half, "[" * 100000 + "]" * 100000)
        if self.fault == "errorchunk":
            texts.insert(half, '{"error": {"message": "the model fell over", "code": 500}}')
        if self.fault == "hugeline":
            texts.insert(half, "x" * (32 << 20))
        if self.fault != "nodone":
            texts.append("[DONE]")
        return texts

    def stream(self):
        end = {"crlf": "\r\n", "cr": "\r"}.get(self.fault, "\n")
        out = []
        for text in self.events():
            comment = ": still here\n\nretry: 10\nid: 7\n" if self.fault == "comments" else ""
            out.append(comment + "".join(f"data: {line}\n" for line in text.split("\n")) + "\n")
        text = "".join(out).replace("\n", end)
        if self.fault == "nonewline":
            text = text.rstrip("\n")
        if self.fault == "halfchunk":
            text = text[:text.index("data: ", len(text) // 2) + 20]
        if self.fault == "bom":
            text = "\ufeff" + text
        return text.encode()


class Handler(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def log_message(self, *_):
        pass

    def report(self, answer, **more):
        with self.server.lock:
            print(json.dumps({"request": self.number, "answer": answer, **more}), flush=True)

    def refuse(self, status, reason, headers=(), kind="application/json"):
        body = reason.encode() if kind == "text/html" else json.dumps({"error": {"message": reason, "type": "refused"}}).encode()
        self.send_response(status)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(body)))
        for name, value in headers:
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(body)

    def do_GET(self):
        self.number = self.server.count()
        self.report(404)
        self.refuse(404, f"there is no {self.path}")

    def do_POST(self):
        self.number = self.server.count()
        fault = self.server.fault(self.number)
        raw = self.rfile.read(int(self.headers.get("Content-Length", "0")))
        try:
            number, turn = self.judge(raw)
        except Refused as refusal:
            self.report(400, reason=str(refusal))
            return self.refuse(400, str(refusal))
        key = self.server.options.key
        if key and self.headers.get("Authorization") != f"Bearer {key}":
            self.report(401)
            return self.refuse(401, "the key is wrong")
        self.report(fault or 200, turn=number + 1, connection=self.client_address[1])
        if not self.break_down(fault):
            self.play(Answer(turn, self.server.script.usage, self.server.options.model, fault).stream(), fault)

    def judge(self, raw):
        require(self.path == "/v1/chat/completions", f"there is no {self.path}")
        require(self.headers.get_content_type() == "application/json", "the content type is not application/json")
        require("text/event-stream" in self.headers.get("Accept", ""), "an event stream is not accepted")
        require("Cookie" not in self.headers, "there is a cookie that nobody set")
        try:
            body = json.loads(raw.decode("utf-8"), object_pairs_hook=no_duplicates)
        except ValueError as error:
            raise Refused(f"the body is not JSON: {error}") from None
        check_envelope(body, self.server.options)
        check_tools(body, self.server.options, self.server.script)
        number, turn = next_turn(body["messages"] if "messages" in body else None, self.server.script)
        self.server.memory.check(body["messages"])
        return number, turn

    def break_down(self, fault):
        """Answers with what has nothing to do with the script; False when the script is to be played after all."""
        if fault == "429":
            self.refuse(429, "slow down", [("Retry-After", "1")])
        elif fault == "429-date":
            self.refuse(429, "slow down", [("Retry-After", email.utils.formatdate(time.time() + 2, usegmt=True))])
        elif fault == "429-long":
            self.refuse(429, "slow down", [("Retry-After", "3600")])
        elif fault in ("500", "502", "503", "504"):
            self.refuse(int(fault), "out of order\x1b[31m\u202e")
        elif fault == "401":
            key = self.headers.get("Authorization", "").removeprefix("Bearer ")
            self.refuse(401, f"Incorrect API key provided: {key[:-4]}****{key[-4:]} (full: {key}).", [("Set-Cookie", "a=b")])
        elif fault == "html-502":
            self.refuse(502, "<html><body><h1>502 Bad Gateway</h1></body></html>", kind="text/html")
        elif fault == "html":
            self.refuse(200, "<!doctype html><title>Welcome to our hotel</title>", kind="text/html")
        elif fault == "json":
            self.refuse(200, "not a stream")
        elif fault == "redirect":
            self.refuse(307, "elsewhere", [("Location", f"http://127.0.0.1:{self.server.server_port}/v1/chat/completions")])
        elif fault == "hugebody":
            self.send_response(500)
            self.send_header("Content-Type", "text/plain")
            self.send_header("Content-Length", str(1 << 30))
            self.end_headers()
            self.flood(b"x" * 65536)
        elif fault == "close":
            self.cut()
        elif fault == "silent":
            self.server.over.wait()
        else:
            return False
        return True

    def play(self, stream, fault):
        if fault == "garbage":
            stream = bytes((i * 7919 + 13) % 251 for i in range(5000))
        self.send_response(200)
        if fault != "notype":
            self.send_header("Content-Type", "text/event-stream; charset=utf-8")
        self.send_header("Cache-Control", "no-cache")
        self.send_header("Transfer-Encoding", "chunked")
        self.end_headers()
        self.wfile.flush()
        if fault == "cut-head":
            return self.cut()
        if fault == "endless":
            return self.flood(b"5\r\n: hm\n\r\n", pause=0.02)
        broken = fault in ("cut", "hang", "reset")
        self.send_split(stream[:len(stream) // 2] if broken else stream)
        if fault == "hang":
            self.server.over.wait()
        if broken:
            return self.cut(reset=fault == "reset")
        self.wfile.write(b"0\r\n\r\n")
        self.wfile.flush()

    def send_split(self, stream):
        options = self.server.options
        if options.split.startswith("at:"):
            at = int(options.split[3:])
            parts = [part for part in (stream[:at], stream[at:]) if part]
        else:
            size = 1 if options.split == "each" else int(options.split)
            parts = pieces(stream, size) if size else [stream]
        for part in parts:
            self.wfile.write(b"%x\r\n%s\r\n" % (len(part), part))
            self.wfile.flush()
            if options.pause:
                time.sleep(options.pause / 1e6)

    def flood(self, block, pause=0):
        try:
            while not self.server.over.is_set():
                self.wfile.write(block)
                self.wfile.flush()
                time.sleep(pause)
        except OSError:
            pass  # the client had enough, as it should
        self.close_connection = True

    def cut(self, reset=False):
        if reset:
            self.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
            with open(os.devnull) as nothing:  # closes the socket under everybody who still holds it
                os.dup2(nothing.fileno(), self.connection.fileno())
        else:
            self.connection.shutdown(socket.SHUT_RDWR)
        self.close_connection = True


class Server(http.server.ThreadingHTTPServer):
    daemon_threads = True

    def __init__(self, options):
        super().__init__(("127.0.0.1", options.port), Handler)
        self.options = options
        self.script = Script(options.script, options.agent)
        self.memory = Memory()
        self.lock = threading.Lock()
        self.over = threading.Event()
        self.requests = 0
        self.faults = dict(parse_fault(fault) for fault in options.fault)

    def get_request(self):
        connection, address = super().get_request()
        connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        return connection, address

    def count(self):
        with self.lock:
            self.requests += 1
            return self.requests

    def fault(self, number):
        return self.faults.get(number, self.faults.get("*"))

    def handle_error(self, request, client_address):
        if not isinstance(sys.exc_info()[1], OSError):  # a client that went away is no news
            super().handle_error(request, client_address)


def parse_fault(text):
    kind, _, number = text.rpartition("@")
    if kind not in re.split(r"[\s,()]+", FAULTS):
        sys.exit(f"--fault {text}: write it as KIND@N, see --help")
    return (number if number == "*" else int(number)), kind


def parse_options():
    parser = argparse.ArgumentParser(description=__doc__, epilog=FAULTS, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--script", required=True, help="a *.script.json; its turns are what this model answers")
    parser.add_argument("--agent", help="whose turns; may be left out when the script has one agent")
    parser.add_argument("--model", default="scripted", help="the model name that requests must carry (default: %(default)s)")
    parser.add_argument("--port", type=int, default=0, help="0, the default, takes a free one")
    parser.add_argument("--key", help="requests must carry this key")
    parser.add_argument("--tools", help="the tools that a request must offer, all of them and no other: a,b,c")
    parser.add_argument("--fault", action="append", default=[], metavar="KIND@N", help="may be repeated; kinds are below")
    parser.add_argument("--split", default="0", help="bytes per write: a number, each (one byte), at:K (two writes), 0 all at once")
    parser.add_argument("--pause", type=int, default=0, help="microseconds between two writes")
    parser.add_argument("--stay", action="store_true", help="do not end when standard input closes")
    return parser.parse_args()


def main():
    options = parse_options()
    server = Server(options)
    print(f"port {server.server_port}", flush=True)
    print(f"baseUrl: http://127.0.0.1:{server.server_port}/v1", file=sys.stderr, flush=True)
    if options.stay:
        server.serve_forever()
    threading.Thread(target=server.serve_forever, daemon=True).start()
    while os.read(0, 4096):
        pass
    server.over.set()


if __name__ == "__main__":
    try:
        main()
    except KeyboardInterrupt:
        sys.exit(130)
