// ONNX Runtime as a worker: one command a line on stdin, one JSON answer a line on stdout.
//   {"op":"load","model":FILE,"batch":B,"threads":T}   opens the network
//   {"op":"check","file":SAFETENSORS}                  runs "images" of the file, repeated to the batch; answers with "logits" of every image
//   {"op":"run","iterations":N}                        runs N times; answers with the milliseconds of each
//   {"op":"profile","iterations":N}                    opens the network again with its profiler on; answers with milliseconds and calls an operator
// Input and output tensors are made once. While no command is at work the process sleeps.
import { createInterface } from 'node:readline';
import { mkdtempSync, readFileSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { InferenceSession, Tensor } from 'onnxruntime-node';

const imageShape = [3, 224, 224];
let session, shape, feeds, fetches, how;

function options({ threads }) {
  return {
    intraOpNumThreads: threads,
    interOpNumThreads: 1,
    executionMode: 'sequential',
    graphOptimizationLevel: 'all',
    enableCpuMemArena: true,
    enableMemPattern: true,
    logSeverityLevel: 3,
  };
}

async function load(command) {
  await session?.release();
  how = command;
  session = await InferenceSession.create(command.model, options(command));
  shape = [command.batch, ...imageShape];
  const pixels = new Float32Array(shape.reduce((a, b) => a * b));
  for (let i = 0; i < pixels.length; i++) pixels[i] = Math.sin(i * 0.37) * 1.5;
  feeds = { images: new Tensor('float32', pixels, shape) };
  fetches = { logits: (await session.run(feeds)).logits };
  return {};
}

async function check({ file }) {
  const bytes = readFileSync(file);
  const start = 8 + Number(bytes.readBigUInt64LE(0));
  const [from, to] = JSON.parse(bytes.toString('utf8', 8, start)).images.data_offsets;
  const image = new Float32Array(bytes.buffer.slice(bytes.byteOffset + start + from, bytes.byteOffset + start + to));
  const pixels = new Float32Array(image.length * shape[0]);
  for (let i = 0; i < shape[0]; i++) pixels.set(image, i * image.length);
  const { logits } = await session.run({ images: new Tensor('float32', pixels, shape) });
  return { logits: Array.from(logits.data) };
}

async function run({ iterations }) {
  const milliseconds = [];
  for (let i = 0; i < iterations; i++) {
    const start = process.hrtime.bigint();
    await session.run(feeds, fetches);
    milliseconds.push(Number(process.hrtime.bigint() - start) / 1e6);
  }
  return { milliseconds };
}

async function profile({ iterations }) {
  const folder = mkdtempSync(join(tmpdir(), 'secateur-ort-'));
  try {
    const profiled = await InferenceSession.create(how.model, { ...options(how), enableProfiling: true, profileFilePrefix: join(folder, 'p') });
    for (let i = 0; i < iterations; i++) await profiled.run(feeds);
    profiled.endProfiling();
    await profiled.release();
    const operators = {};
    for (const event of JSON.parse(readFileSync(join(folder, readdirSync(folder)[0]), 'utf8'))) {
      if (event.cat !== 'Node' || !event.name.endsWith('_kernel_time')) continue;
      const entry = (operators[event.args.op_name] ??= { calls: 0, milliseconds: 0 });
      entry.calls += 1 / iterations;
      entry.milliseconds += event.dur / 1000 / iterations;
    }
    return { operators };
  } finally {
    rmSync(folder, { recursive: true });
  }
}

const commands = { load, check, run, profile };
for await (const line of createInterface({ input: process.stdin })) {
  let answer;
  try {
    const command = JSON.parse(line);
    answer = await commands[command.op](command);
  } catch (error) {
    answer = { error: String(error?.message ?? error) };
  }
  process.stdout.write(JSON.stringify(answer) + '\n');
}
await session?.release();
