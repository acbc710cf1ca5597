"""Reads cells with one Python client: a JSON order on standard input, one JSON list of readings on standard output."""

import json
import sys


def told(chunk, reading):
    """One chunk of chat or plain completions, as whoever parses lines by hand takes it."""
    if chunk.get("error"):
        reading["error"] = "error " + json.dumps(chunk["error"])
    for choice in chunk.get("choices", []):
        said = choice.get("delta") or choice.get("message") or {}
        reading["text"] += said.get("content") or choice.get("text") or ""
        reading["finish"] = choice.get("finish_reason") or reading["finish"]


def data_of(data, reading):
    if data != "[DONE]":
        told(json.loads(data), reading)


def by_hand(order, cell):
    path = {"chat": "/v1/chat/completions", "completions": "/v1/completions"}[cell["protocol"]]
    body = {"model": "rehearsal", "stream": cell["stream"]}
    if cell["protocol"] == "chat":
        body["messages"] = [{"role": "user", "content": cell["prompt"]}]
    else:
        body["prompt"] = cell["prompt"]
    return order["url"] + path, body


def lines_of(lines, reading):
    """The loop that half of all examples have."""
    for line in lines:
        if isinstance(line, bytes):
            line = line.decode()
        if line.startswith("data: "):
            data_of(line[len("data: "):], reading)


def httpx_lines(order, cell, reading):
    import httpx

    url, body = by_hand(order, cell)
    with httpx.stream("POST", url, json=body, timeout=30) as response:
        if response.status_code != 200 or not cell["stream"]:
            response.read()
            response.raise_for_status()
            return told(response.json(), reading)
        lines_of(response.iter_lines(), reading)


def httpx_sse(order, cell, reading):
    import httpx
    from httpx_sse import connect_sse

    url, body = by_hand(order, cell)
    with httpx.Client(timeout=30) as client, connect_sse(client, "POST", url, json=body) as source:
        source.response.raise_for_status()
        for event in source.iter_sse():
            data_of(event.data, reading)


def sseclient_py(order, cell, reading):
    import requests
    import sseclient

    url, body = by_hand(order, cell)
    response = requests.post(url, json=body, stream=True, timeout=30)
    response.raise_for_status()
    for event in sseclient.SSEClient(response).events():
        data_of(event.data, reading)


def requests_lines(order, cell, reading):
    import requests

    url, body = by_hand(order, cell)
    response = requests.post(url, json=body, stream=cell["stream"], timeout=30)
    response.raise_for_status()
    if not cell["stream"]:
        return told(response.json(), reading)
    lines_of(response.iter_lines(), reading)


def openai_client(order, cell, reading):
    from openai import OpenAI

    client = OpenAI(api_key="sk-client", base_url=order["url"] + "/v1", max_retries=0, timeout=30)
    prompt, stream = cell["prompt"], cell["stream"]
    if cell["protocol"] == "responses":
        return openai_responses(client, prompt, stream, reading)
    if cell["protocol"] == "chat":
        made = client.chat.completions.create(
            model="rehearsal", messages=[{"role": "user", "content": prompt}], stream=stream
        )
    else:
        made = client.completions.create(model="rehearsal", prompt=prompt, stream=stream)
    for chunk in made if stream else [made]:
        for choice in chunk.choices:
            said = getattr(choice, "delta", None) or getattr(choice, "message", None)
            reading["text"] += (said.content if said is not None else choice.text) or ""
            reading["finish"] = choice.finish_reason or reading["finish"]


def openai_responses(client, prompt, stream, reading):
    made = client.responses.create(model="rehearsal", input=prompt, stream=stream)
    final = made
    if stream:
        for event in made:
            if event.type == "response.output_text.delta":
                reading["text"] += event.delta
            if event.type in ("response.completed", "response.incomplete", "response.failed"):
                final = event.response
        if final is made:
            return
        if final.output_text != reading["text"]:
            raise AssertionError("the last copy reads " + repr(final.output_text))
    else:
        reading["text"] = final.output_text
    reasons = final.incomplete_details
    reading["finish"] = reasons.reason if reasons is not None else final.status


def anthropic_client(order, cell, reading):
    from anthropic import Anthropic

    client = Anthropic(api_key="sk-client", base_url=order["url"], max_retries=0, timeout=30)
    asked = {"model": "rehearsal", "max_tokens": 500, "messages": [{"role": "user", "content": cell["prompt"]}]}
    if not cell["stream"]:
        message = client.messages.create(**asked)
        reading["text"] = "".join(block.text for block in message.content if block.type == "text")
        reading["finish"] = message.stop_reason
        return
    with client.messages.stream(**asked) as stream:
        for text in stream.text_stream:
            reading["text"] += text
        message = stream.get_final_message()
        whole = "".join(block.text for block in message.content if block.type == "text")
        if whole != reading["text"]:
            raise AssertionError("the final message reads " + repr(whole))
        reading["finish"] = message.stop_reason


def genai_client(order, cell, reading):
    from google import genai
    from google.genai import types

    client = genai.Client(api_key="sk-client", http_options=types.HttpOptions(base_url=order["url"], timeout=30_000))
    asked = {"model": "rehearsal", "contents": cell["prompt"]}
    made = client.models.generate_content_stream(**asked) if cell["stream"] else [client.models.generate_content(**asked)]
    for chunk in made:
        reading["text"] += chunk.text or ""
        for candidate in chunk.candidates or []:
            if candidate.finish_reason is not None:
                reading["finish"] = candidate.finish_reason.value
        if chunk.prompt_feedback is not None and chunk.prompt_feedback.block_reason is not None:
            reading["finish"] = chunk.prompt_feedback.block_reason.value


clients = {
    "openai": openai_client,
    "anthropic": anthropic_client,
    "google-genai": genai_client,
    "httpx": httpx_lines,
    "httpx-sse": httpx_sse,
    "sseclient-py": sseclient_py,
    "requests": requests_lines,
}


def main():
    order = json.load(sys.stdin)
    read = clients[order["client"]]
    readings = []
    for cell in order["cells"]:
        reading = {"text": "", "finish": None, "error": None}
        try:
            read(order, cell, reading)
        except Exception as error:  # whatever a client raises is its reading
            reading["error"] = type(error).__name__ + ": " + str(error)
        readings.append(reading)
    json.dump(readings, sys.stdout)


main()
