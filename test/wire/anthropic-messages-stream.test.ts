/** Streams of Anthropic's protocol leave as they came where nothing is found, and lawfully where something is. */
import { describe, expect, it } from 'vitest'
import {
  accumulated,
  begin,
  delta,
  type Event,
  finish,
  passed,
  ping,
  policy,
  said,
  start,
  stop,
  textBlock,
  thinkingBlock,
  toolBlock,
  written,
} from './messages.ts'

/** What an accumulating client has in the end. */
const read = async (...given: Parameters<typeof passed>) => accumulated((await passed(...given)).events)
const texts = (content: Event[]): string[] => content.map((block) => block.text ?? block.thinking ?? block.json)

const nativeEnd = (explanation: string | null = null): Event => ({
  type: 'message_delta',
  delta: { stop_reason: 'refusal', stop_sequence: null, stop_details: { type: 'refusal', category: null, explanation } },
  usage: { output_tokens: expect.any(Number) },
  sluice: { usage: 'estimated' },
})

describe('a clean message leaves as it came', () => {
  const everything: Event[] = [
    begin(),
    ping,
    ...thinkingBlock(0, 'hm, ', 'well'),
    start(1, { type: 'redacted_thinking', data: 'EmwK+/=' }),
    stop(1),
    ...textBlock(2, 'Hello ', 'you'),
    start(3, { type: 'server_tool_use', id: 'srvtoolu_1', name: 'web_search', input: {} }),
    delta(3, { type: 'input_json_delta', partial_json: '{"query":"a b"}' }),
    stop(3),
    start(4, {
      type: 'web_search_tool_result',
      tool_use_id: 'srvtoolu_1',
      content: [
        { type: 'web_search_result', title: 'A page', url: 'https://a.example/', encrypted_content: 'Eq+/', page_age: 'May 1' },
      ],
    }),
    stop(4),
    start(5, { citations: [], type: 'text', text: '' }),
    delta(5, {
      type: 'citations_delta',
      citation: {
        type: 'web_search_result_location',
        cited_text: 'so it is',
        url: 'https://a.example/',
        title: 'A page',
        encrypted_index: 'Eo8=',
      },
    }),
    said(5, 'Indeed.'),
    stop(5),
    ...toolBlock(6, 'look_up', '{"q": "', 'x"}'),
    ...finish('tool_use'),
  ]

  it('whatever blocks it has, with reasoning held or not', async () => {
    for (const settings of [{}, { reasoning: 'hold' as const }]) {
      const { text, trail } = await passed(everything, settings)
      expect(text).toBe(written(everything))
      expect(trail).toMatchObject({ verdict: 'clear', exit: 'done', finish: ['tool_use'], faults: [], frames: { touched: 0 } })
    }
  })

  it('with padding inside its events, line ends of any kind, and the sentinel that some servers send', async () => {
    const padded = written([begin(), ...textBlock(0, 'hi'), ...finish()])
      .replaceAll('}\n\n', '}      \n\n')
      .replaceAll('"}', '"  }')
    const stream = `${padded}event: data\ndata: [DONE]\n\n`
    for (const text of [stream, stream.replaceAll('\n', '\r\n')]) {
      const { text: out, trail } = await passed(text, { unknown: 'refuse' })
      expect(out).toBe(text)
      expect(trail).toMatchObject({ verdict: 'clear', frames: { touched: 0 } })
    }
  })

  it('with whatever else the vendor’s servers are known to say, where strangers are refused', async () => {
    const caller = { type: 'code_execution_20260120', tool_id: 'srvtoolu_1' }
    const result = (type: string, content: unknown, more: object = {}) => ({ type, tool_use_id: 'srvtoolu_1', content, ...more })
    const blocks: object[] = [
      { type: 'server_tool_use', id: 'srvtoolu_1', name: 'code_execution', input: { code: 'x = 1' }, caller: { type: 'direct' } },
      { type: 'tool_use', id: 'toolu_1', name: 'f', input: { player: 'one' }, caller },
      { type: 'mcp_tool_use', id: 'mcptoolu_1', name: 'f', input: {}, server_name: 'my server' },
      result('mcp_tool_result', [{ type: 'text', text: 'so' }], { is_error: false }),
      result('code_execution_tool_result', {
        type: 'code_execution_result',
        stdout: 'a b',
        stderr: '',
        return_code: 0,
        content: [{ type: 'code_execution_output', file_id: 'file_1' }],
        abort_reason: null,
      }),
      result('text_editor_code_execution_tool_result', { type: 'x', old_start: 1, new_start: 1, lines: ['-a', '+b c'] }),
      result('tool_search_tool_result', { type: 'x', tool_references: [{ type: 'tool_reference', tool_name: 'f' }] }),
      result('advisor_tool_result', { type: 'advisor_redacted_result', encrypted_content: 'Eq+/', stop_reason: 'end_turn' }),
      result('web_fetch_tool_result', { type: 'web_fetch_tool_result_error', error_code: 'url_not_allowed' }, { caller }),
      { type: 'container_upload', file_id: 'file_2' },
      { type: 'fallback', from: { model: 'claude-9' }, to: { model: 'claude-8' } },
      { type: 'compaction', content: null },
    ]
    const usage = {
      output_tokens: 9,
      cache_creation: { ephemeral_5m_input_tokens: 0 },
      service_tier: 'standard',
      iterations: [{ type: 'message', output_tokens: 9 }],
    }
    const last = {
      type: 'message_delta',
      delta: {
        stop_reason: 'tool_use',
        stop_sequence: null,
        stop_details: null,
        container: { id: 'c_1', expires_at: '2026-11-21T00:00:00Z' },
      },
      usage,
      context_management: { applied_edits: [{ type: 'clear_thinking_20251015', cleared_thinking_turns: 1 }] },
    }
    const stream = [
      begin({ usage, container: null }),
      ...blocks.flatMap((block, index) => [start(index, block), stop(index)]),
      last,
      { type: 'message_stop' },
    ]
    const { text, trail } = await passed(stream, { unknown: 'refuse' })
    expect(trail.faults).toEqual([])
    expect(text).toBe(written(stream))
  })

  it('in which the upstream itself refuses, with or without any block', async () => {
    const details = {
      stop_details: { type: 'refusal', category: 'cyber', explanation: 'Not this.', recommended_model: 'claude-8' },
    }
    const stream = [begin(), ...finish('refusal', details)]
    expect((await passed(stream)).text).toBe(written(stream))
  })
})

describe('text', () => {
  it('is masked in its delta, across deltas, and across text blocks that follow one another', async () => {
    const { content } = await read([begin(), ...textBlock(0, 'a bo', 'mb, a b'), ...textBlock(1, 'om', 'b.'), ...finish()])
    expect(texts(content)).toEqual(['a ***, a ***', '.'])
  })

  it('is one thread only where text blocks follow one another', async () => {
    const blocks = [...textBlock(0, 'a bo'), ...toolBlock(1, 'f', '{}'), ...textBlock(2, 'mb')]
    expect(texts((await read([begin(), ...blocks, ...finish()])).content)).toEqual(['a bo', '{}', 'mb'])
  })

  it('that stands in a block’s start is read as the beginning of its deltas', async () => {
    const { content } = await read([begin(), start(0, { type: 'text', text: 'a bo' }), said(0, 'mb'), stop(0), ...finish()])
    expect(texts(content)).toEqual(['a ***'])
  })

  it('of a citation is looked at by itself', async () => {
    const citation = {
      type: 'char_location',
      cited_text: 'the bomb',
      document_title: 'Of bombs',
      document_index: 0,
      start_char_index: 0,
    }
    const { content } = await read([
      begin(),
      start(0, { type: 'text', text: '' }),
      said(0, 'so'),
      delta(0, { type: 'citations_delta', citation }),
      stop(0),
      ...finish(),
    ])
    expect(content[0].citations).toEqual([{ ...citation, cited_text: 'the ***', document_title: 'Of ***s' }])
  })

  it('is checked wherever else a message says any', async () => {
    const hidden: Event[][] = [
      [
        begin(),
        start(0, {
          type: 'web_fetch_tool_result',
          content: { content: { source: { type: 'text', data: 'bomb' }, title: 'bomb' } },
        }),
      ],
      [begin(), start(0, { type: 'mcp_tool_result', content: [{ type: 'text', text: 'a bomb' }], is_error: false })],
      [begin(), start(0, { type: 'bash_code_execution_tool_result', content: { stdout: 'bomb', stderr: 'bomb', content: [] } })],
      [begin(), start(0, { type: 'text_editor_code_execution_tool_result', content: { lines: ['a', 'bomb'], content: 'bomb' } })],
      [begin(), start(0, { type: 'advisor_tool_result', content: { type: 'advisor_result', text: 'bomb' } })],
      [begin(), start(0, { type: 'mcp_tool_result', content: [{ type: 'text', bomb: 1 }] })],
      [begin(), start(0, { type: 'compaction', content: 'we spoke of bomb' })],
      [begin(), start(0, { type: 'compaction', content: '' }), delta(0, { type: 'compaction_delta', content: 'the bomb' })],
      [begin(), start(0, { type: 'new_block', note: 'bomb', deep: [{ er: 'bomb' }] })],
      [
        begin(),
        start(0, { type: 'text', text: '' }),
        delta(0, { type: 'new_delta', what: 'bo' }),
        delta(0, { type: 'new_delta', what: 'mb' }),
      ],
      [begin(), { type: 'new_event', what: 'bomb' }],
      [begin({ note: 'bomb' })],
      [begin(), { type: 'ping', note: 'bomb' }],
      [begin({ content: [{ type: 'text', text: 'bomb' }] })],
    ]
    for (const events of hidden) {
      const { text, trail } = await passed([
        ...events,
        ...finish('end_turn', { stop_details: { type: 'refusal', explanation: 'bomb' } }),
      ])
      expect(text).not.toContain('bomb')
      expect(trail).toMatchObject({ verdict: 'mask', faults: [] })
    }
  })

  it('of files in results is the policy’s to pass, and a text of one word is no file', async () => {
    const result = (source: object) => [
      begin(),
      start(0, { type: 'web_fetch_tool_result', content: { type: 'web_fetch_result', content: { type: 'document', source } } }),
      stop(0),
      ...finish(),
    ]
    const file = result({ type: 'base64', media_type: 'application/pdf', data: 'JVBERi0=' })
    expect((await passed(file, { media: { file: 'pass' } })).text).toBe(written(file))
    expect((await passed(file, { media: { file: 'drop' } })).text).not.toContain('JVBERi0=')
    expect((await read(file, { media: { file: 'cut' } })).stop_reason).toBe('refusal')
    expect((await passed(result({ type: 'text', data: 'bomb' }), { media: { file: 'pass' } })).text).not.toContain('bomb')
  })
})

describe('a cut', () => {
  it('closes the open block and ends the message as a refusal', async () => {
    const { events, trail } = await passed([begin(), ...textBlock(0, 'Use sk', '-1 now'), ...finish()])
    expect(events).toEqual([
      begin(),
      start(0, { type: 'text', text: '' }),
      said(0, 'Use '),
      stop(0),
      nativeEnd(),
      { type: 'message_stop' },
    ])
    expect(trail).toMatchObject({ verdict: 'cut', exit: 'cut' })
  })

  it('begins nothing that would stay empty, and closes nothing that has ended', async () => {
    const tail = [nativeEnd(), { type: 'message_stop' }]
    const inStart = await passed([begin(), start(0, { type: 'text', text: 'sk-1' }), stop(0), ...finish()])
    expect(inStart.events).toEqual([begin(), ...tail])
    const result = { type: 'mcp_tool_result', content: 'has sk-1' }
    const inResult = await passed([begin(), ...textBlock(0, 'hi'), start(1, result), stop(1), ...finish()])
    expect(inResult.events).toEqual([begin(), ...textBlock(0, 'hi'), ...tail])
    const atEnd = await passed([begin(), ...textBlock(0, 'hi'), ...finish('refusal', { stop_details: { explanation: 'sk-1' } })])
    expect(atEnd.events).toEqual([begin(), ...textBlock(0, 'hi'), ...tail])
    const before = await passed([{ type: 'new_event', what: 'sk-1' }, begin(), ...finish()])
    expect(before.events).toEqual([expect.objectContaining({ type: 'message_start' }), ...tail])
  })

  it('takes the line back over blocks that were read ahead', async () => {
    const { events } = await passed([begin(), ...textBlock(0, 'a sk'), ...textBlock(1, '-', '1'), ...finish()])
    expect(events).toEqual([
      begin(),
      start(0, { type: 'text', text: '' }),
      said(0, 'a '),
      stop(0),
      nativeEnd(),
      { type: 'message_stop' },
    ])
  })

  const shown: [string, object, object, object[]][] = [
    ['in the answer', { notice_in: 'answer' }, {}, [said(0, 'No.'), stop(0), nativeEnd()]],
    ['in the refusal', { notice_in: 'refusal' }, {}, [stop(0), nativeEnd('No.')]],
    ['nowhere', { notice_in: 'none' }, {}, [stop(0), nativeEnd()]],
    ['in the refusal, where the answer is JSON', { notice_in: 'answer' }, { json: true }, [stop(0), nativeEnd('No.')]],
    [
      'in the refusal, where the cut shall look like one',
      { ending: 'refusal', notice_in: 'answer' },
      {},
      [stop(0), nativeEnd('No.')],
    ],
  ]
  for (const [where, on_cut, asked, ending] of shown) {
    it(`shows its notice ${where}`, async () => {
      const settings = { on_cut: { ending: 'native' as const, notice: 'No.', notice_in: 'answer' as const, ...on_cut } }
      const { events } = await passed([begin(), ...textBlock(0, 'Use ', 'sk-1'), ...finish()], settings, policy, asked)
      expect(events.slice(3)).toEqual([...ending, { type: 'message_stop' }])
    })
  }

  it('shows its notice in a block of its own where none is open', async () => {
    const settings = { on_cut: { ending: 'native' as const, notice: 'No.', notice_in: 'answer' as const } }
    const { content, stop_reason } = await read(
      [begin(), ...textBlock(0, 'hi'), ...toolBlock(1, 'f', '{"a":"sk-1"}'), ...finish()],
      settings,
    )
    expect([texts(content), stop_reason]).toEqual([['hi', 'No.'], 'refusal'])
  })

  it('may look like an end, or be an error after which nothing follows', async () => {
    const stream = [begin(), ...textBlock(0, 'Use ', 'sk-1'), ...finish()]
    const ended = await passed(stream, { on_cut: { ending: 'stop', notice: 'No.', notice_in: 'none' } })
    expect(ended.events.slice(3)).toEqual([
      stop(0),
      expect.objectContaining({ delta: { stop_reason: 'end_turn', stop_sequence: null, stop_details: null } }),
      { type: 'message_stop' },
    ])
    const failed = await passed(stream, { on_cut: { ending: 'error', notice: 'No.', notice_in: 'answer' } })
    expect(failed.events.slice(3)).toEqual([
      { type: 'error', error: { type: 'invalid_request_error', message: 'No.', code: 'content_filter' } },
    ])
  })

  it('that is decided by the last event ends the message once', async () => {
    const atEnd = {
      rules: [{ ...policy.rules[1], words: { terms: ['key'], except: [], fold: 'none' as const, boundary: 'word' as const } }],
    }
    const { content, stop_reason } = await read(
      [begin(), ...textBlock(0, 'a key'), { type: 'message_stop' }],
      {},
      atEnd as typeof policy,
    )
    expect([texts(content), stop_reason]).toEqual([['a '], 'refusal'])
  })

  it('tells at least the tokens that the upstream has told, else as many as the text has about', async () => {
    const tokens = async (told: number) => {
      const { events } = await passed([
        begin({ usage: { output_tokens: told } }),
        ...textBlock(0, 'word '.repeat(40), 'sk-1'),
        ...finish(),
      ])
      return events.find(({ type }) => type === 'message_delta').usage.output_tokens
    }
    expect(await tokens(500)).toBe(500)
    expect(await tokens(1)).toBeGreaterThan(40)
    expect(await tokens(1)).toBeLessThan(60)
  })
})

describe('a block that was followed by another, or has ended', () => {
  const textIn = (index: number) => start(index, { type: 'text', text: '' })
  const input = (index: number, partial_json: string) => delta(index, { type: 'input_json_delta', partial_json })

  it.each([
    ['text', [textIn(0), textIn(1), said(0, 'a bo'), said(1, 'xx'), said(0, 'mb')]],
    ['text again', [...textBlock(0, 'a bo'), ...textBlock(1, 'xx'), said(0, 'mb')]],
    ['input', [...toolBlock(0, 'f', '{"a":"bo').slice(0, -1), ...toolBlock(1, 'g', '{}').slice(0, -1), input(0, 'mb"}')]],
  ])('says no more: clients would add the %s to it', async (_, events) => {
    const { text, trail } = await passed([begin(), ...events])
    expect(trail.faults).toMatchObject([{ code: 'text_after_end' }])
    expect(text).not.toContain('"mb')
  })

  it('may still be signed, and get pieces of nothing', async () => {
    const late = [said(0, ''), delta(0, { type: 'signature_delta', signature: 'AAAA' })]
    const stream = [begin(), ...textBlock(0, 'hi'), ...late, ...finish()]
    expect((await passed(stream)).events).toEqual(stream)
  })
})

describe('a tool call', () => {
  it('leaves when its block is over, not before', async () => {
    const { events } = await passed(
      [begin(), ...toolBlock(0, 'f', '{"a":"b'), ...finish('tool_use')].filter((event) => event.type !== 'content_block_stop'),
    )
    expect(events.map(({ type }) => type)).toContain('content_block_start')
    const failed = await passed(
      `${written([begin(), ...toolBlock(0, 'f', '{"a":"b')].slice(0, -1))}event: content_block_stop\ndata: {"type":`,
    )
    expect(failed.text).not.toContain('toolu_0')
  })

  it('is masked inside the strings of its input, and stays JSON', async () => {
    const { content } = await read([begin(), ...toolBlock(0, 'f', '{"a":"a bo', 'mb","n":1}'), ...finish('tool_use')])
    expect(JSON.parse(content[0].json)).toEqual({ a: 'a ***', n: 1 })
  })

  it('is left out whole where its name, its keys or its input cut', async () => {
    for (const call of [toolBlock(1, 'bomb', '{}'), toolBlock(1, 'f', '{"bomb":1}'), toolBlock(1, 'f', '{"a":"', 'sk-1"}')]) {
      const { text, events } = await passed([begin(), ...textBlock(0, 'hi'), ...call, ...finish('tool_use')])
      expect(text).not.toContain('toolu_1')
      expect(accumulated(events)).toMatchObject({ content: [{ text: 'hi' }], stop_reason: 'refusal' })
    }
  })

  it('with its whole input in the block’s start is checked string by string', async () => {
    const call = (input: unknown) => [
      begin(),
      start(0, { type: 'tool_use', id: 't', name: 'f', input }),
      stop(0),
      ...finish('tool_use'),
    ]
    const clean = call({ a: ['b', { c: 'd' }], n: 1.5 })
    expect((await passed(clean)).text).toBe(written(clean))
    const { content } = await read(call({ a: ['a bomb', { c: 'd' }], n: 1 }))
    expect(content[0].input).toEqual({ a: ['a ***', { c: 'd' }], n: 1 })
    expect((await read(call({ bomb: 1 }))).content).toEqual([])
    expect((await read(call({ a: 'sk-1' }))).content).toEqual([])
  })

  it('with a number that parsing would round is checked by the digits that came, and leaves with them', async () => {
    const stream = written([
      begin(),
      start(0, { type: 'tool_use', id: 't', name: 'f', input: { n: 'N', m: 1.5 } }),
      stop(0),
      ...finish(),
    ]).replace('"N"', '4111111111111111004')
    expect((await passed(stream)).text).toBe(stream)
    const words = { terms: ['1004'], except: [], fold: 'none', boundary: 'none' } as const
    const { text, trail } = await passed(stream, {}, { rules: [{ id: 'd', action: 'cut', words }] })
    expect(trail.verdict).toBe('cut')
    expect(text).not.toContain('4111')
  })

  it('that stands whole in the beginning of a message is checked there', async () => {
    const stream = (input: unknown) => [
      begin({ content: [{ type: 'tool_use', id: 't', name: 'f', input }], stop_reason: 'tool_use' }),
      ...finish('tool_use'),
    ]
    expect((await passed(stream({ a: 'b' }))).text).toBe(written(stream({ a: 'b' })))
    expect((await read(stream({ a: 'bomb' }))).content[0].input).toEqual({ a: '***' })
    expect(await read(stream({ a: 'sk-1' }))).toEqual({ content: [], stop_reason: 'refusal' })
  })
})

describe('signed reasoning', () => {
  const answer = textBlock(1, 'Hello')

  it('is cut where a mask finds something', async () => {
    const { content, stop_reason } = await read([begin(), ...thinkingBlock(0, 'of bo', 'mbs'), ...answer, ...finish()])
    expect([texts(content), stop_reason]).toEqual([['of '], 'refusal'])
  })

  it('is left out whole with `reasoning: hold`, and the blocks after it move up', async () => {
    const stream = [begin(), ...thinkingBlock(0, 'of bo', 'mbs'), ping, ...answer, ...thinkingBlock(2, 'fine'), ...finish()]
    const { events, trail } = await passed(stream, { reasoning: 'hold' })
    expect(events).toEqual([begin(), ping, ...textBlock(0, 'Hello'), ...thinkingBlock(1, 'fine'), ...finish()])
    expect(trail).toMatchObject({ verdict: 'mask', exit: 'done' })
  })

  it('that was left out cuts the turn before a tool call', async () => {
    const stream = [begin(), ...thinkingBlock(0, 'bomb'), ...answer, ...toolBlock(2, 'f', '{}'), ...finish('tool_use')]
    const { content, stop_reason } = await read(stream, { reasoning: 'hold' })
    expect([texts(content), stop_reason]).toEqual([['Hello'], 'refusal'])
  })

  it('is cut before the block where a rule cuts and reasoning is held', async () => {
    const { events } = await passed([begin(), ...thinkingBlock(0, 'has ', 'sk-1'), ...answer, ...finish()], { reasoning: 'hold' })
    expect(events).toEqual([begin(), nativeEnd(), { type: 'message_stop' }])
  })
})

describe('failures', () => {
  it('of the upstream are told as it tells them, without what rules withhold', async () => {
    const error = { type: 'error', error: { type: 'overloaded_error', message: 'Overloaded' }, request_id: 'req_1' }
    const clean = [begin(), ...textBlock(0, 'hi').slice(0, 2), error]
    const { text, trail } = await passed(clean)
    expect(text).toBe(written(clean))
    expect(trail.finish).toEqual(['error'])
    const masked = await passed([begin(), { ...error, error: { type: 'api_error', message: 'no bomb' } }])
    expect(masked.events[1].error.message).toBe('no ***')
  })

  it('in mid-stream are an error event after which nothing follows', async () => {
    const { text, trail } = await passed(`${written([begin(), ...textBlock(0, 'hi')])}event: x\ndata: {"type":\n\n`)
    expect(
      text.endsWith(
        'event: error\ndata: {"type":"error","error":{"type":"api_error","message":"This answer could not be checked and was stopped.","code":"moderation_unavailable"}}\n\n',
      ),
    ).toBe(true)
    expect(trail.exit).toBe('fault')
  })

  it('to keep keys apart, or to write text as UTF-8, leave rewritten', async () => {
    const twice = `${written([begin()])}event: ping\ndata: {"type":"ping","a":"bomb","a":"b"}\n\n${written(finish())}`
    expect((await passed(twice)).text).not.toContain('bomb')
  })
})

it('a message that begins again in the middle of a stream is one scope, and leaves as it came', async () => {
  const again = [
    begin(),
    ...thinkingBlock(0, 'hm').slice(0, -1),
    begin({ id: 'msg_2' }),
    ...thinkingBlock(0, 'well'),
    ...textBlock(1, 'hi'),
    ...finish(),
  ]
  expect((await passed(again)).text).toBe(written(again))
  const torn = [begin(), start(0, { type: 'text', text: '' }), said(0, 'a bo'), begin(), said(0, 'mb'), stop(0), ...finish()]
  expect((await passed(torn)).text).not.toContain('mb"')
  const restarted = [begin(), ...textBlock(0, 'a bo'), begin({ id: 'msg_2' }), ...textBlock(0, 'mb, or not'), ...finish()]
  expect((await passed(restarted)).text).toBe(written(restarted))
})

it('a second message in one stream is a scope of its own', async () => {
  const one = [begin(), ...textBlock(0, 'hi'), ...finish('tool_use')]
  const two = [begin({ id: 'msg_2' }), ...textBlock(0, 'a bomb'), ...finish()]
  expect((await passed([...one, ...one])).text).toBe(written([...one, ...one]))
  const { events } = await passed([...one, ...two])
  expect(accumulated(events.slice(one.length))).toMatchObject({ content: [{ text: 'a ***' }] })
})
