// OpenAI's and Anthropic's own clients, unchanged, against the gateway: node check.mjs http://localhost:8080
import assert from 'node:assert/strict';
import { setTimeout as sleep } from 'node:timers/promises';
import OpenAI from 'openai';
import Anthropic from '@anthropic-ai/sdk';

const base = process.argv[2] ?? 'http://localhost:8080';
const openai = new OpenAI({ baseURL: `${base}/v1`, apiKey: 'none', maxRetries: 0 });
const anthropic = new Anthropic({ baseURL: base, apiKey: 'none', maxRetries: 0 });
const TEXT = 'one two three four five six seven eight nine ten';
const ask = (content) => ({ model: 'chat', max_tokens: 100, messages: [{ role: 'user', content }] });
const tool = { name: 'now', description: 'Tells the time', schema: { type: 'object', properties: { zone: { type: 'string' } } } };

const checks = {
  async 'openai: an answer'() {
    const answer = await openai.chat.completions.create(ask('hello'));
    assert.equal(answer.choices[0].message.content, TEXT);
    assert.equal(answer.choices[0].finish_reason, 'stop');
    assert.equal(answer.usage.completion_tokens, 10);
  },
  async 'openai: a stream'() {
    const stream = await openai.chat.completions.create({ ...ask('hello'), stream: true, stream_options: { include_usage: true } });
    let text = '', finish, usage;
    for await (const chunk of stream) {
      text += chunk.choices[0]?.delta?.content ?? '';
      finish = chunk.choices[0]?.finish_reason ?? finish;
      usage = chunk.usage ?? usage;
    }
    assert.deepEqual([text, finish, usage.completion_tokens], [TEXT, 'stop', 10]);
  },
  async 'openai: tools, streamed by its helper'() {
    const stream = openai.chat.completions.stream({
      ...ask('tool'), tools: [{ type: 'function', function: { name: tool.name, description: tool.description, parameters: tool.schema } }],
    });
    const answer = await stream.finalChatCompletion();
    assert.equal(answer.choices[0].message.tool_calls[0].function.arguments, '{"zone":"UTC"}');
    assert.equal(answer.choices[0].finish_reason, 'tool_calls');
  },
  ...Object.fromEntries(['cut', 'truncated'].map((fault) => [`openai: a stream that is ${fault} throws`, async () => {
    let text = '';
    await assert.rejects(async () => {
      for await (const chunk of await openai.chat.completions.create({ ...ask(fault), stream: true })) {
        text += chunk.choices[0]?.delta?.content ?? '';
      }
    }, OpenAI.APIError);
    assert.equal(text, 'one two three');
  }])),
  async 'openai: errors have their classes'() {
    await assert.rejects(openai.chat.completions.create({ ...ask('hello'), model: 'chatt' }), OpenAI.NotFoundError);
    await assert.rejects(openai.chat.completions.create({ ...ask('hello'), n: 2 }), OpenAI.APIError);
    await assert.rejects(openai.chat.completions.create(ask('limit')), (e) => e instanceof OpenAI.APIError && e.status >= 429);
  },
  async 'openai: a stream can be left'() {
    const stream = await openai.chat.completions.create({ ...ask('slow'), stream: true });
    for await (const _ of stream) break;
    stream.controller.abort();
    await sleep(300);
  },
  async 'openai: models'() {
    const ids = [];
    for await (const model of openai.models.list()) ids.push(model.id);
    assert.ok(ids.includes('chat'), ids.join());
  },
  async 'anthropic: an answer'() {
    const answer = await anthropic.messages.create(ask('hello'));
    assert.deepEqual([answer.content[0].text, answer.stop_reason, answer.usage.output_tokens], [TEXT, 'end_turn', 10]);
  },
  async 'anthropic: a stream'() {
    const answer = await anthropic.messages.stream(ask('hello')).finalMessage();
    assert.deepEqual([answer.content[0].text, answer.stop_reason, answer.usage.output_tokens], [TEXT, 'end_turn', 10]);
  },
  async 'anthropic: tools, streamed'() {
    const answer = await anthropic.messages
      .stream({ ...ask('tool'), tools: [{ name: tool.name, description: tool.description, input_schema: tool.schema }] })
      .finalMessage();
    assert.deepEqual(answer.content.find((block) => block.type === 'tool_use').input, { zone: 'UTC' });
    assert.equal(answer.stop_reason, 'tool_use');
  },
  ...Object.fromEntries(['cut', 'truncated'].map((fault) => [`anthropic: a stream that is ${fault} throws`, async () => {
    let text = '';
    const stream = anthropic.messages.stream(ask(fault)).on('text', (piece) => { text += piece; });
    await assert.rejects(stream.finalMessage(), Anthropic.AnthropicError);
    assert.equal(text, 'one two three');
  }])),
  async 'anthropic: errors have their classes'() {
    await assert.rejects(anthropic.messages.create({ ...ask('hello'), model: 'chatt' }), Anthropic.NotFoundError);
    await assert.rejects(anthropic.messages.create(ask('limit')), (e) => e instanceof Anthropic.APIError && e.status >= 429);
  },
  async 'anthropic: a stream can be left'() {
    const stream = anthropic.messages.stream(ask('slow'));
    stream.on('error', () => {});
    await stream.emitted('text');
    stream.abort();
    await sleep(300);
  },
};

let failed = 0;
for (const [name, check] of Object.entries(checks)) {
  try {
    await check();
    console.log(`ok    ${name}`);
  } catch (e) {
    failed++;
    console.log(`FAILS ${name}: ${e.stack}`);
  }
}
process.exit(failed ? 1 : 0);
