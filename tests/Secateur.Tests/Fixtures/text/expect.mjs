// Writes what the Hugging Face tokenizers for JavaScript make of lines.json, to expected.json beside it:
//   npm install --ignore-scripts @huggingface/transformers@4.3.1    (anywhere; it brings @huggingface/tokenizers)
//   node expect.mjs FOLDER_WITH_node_modules
import { readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';

const here = dirname(fileURLToPath(import.meta.url));
const { Tokenizer } = await import(pathToFileURL(join(process.argv[2], 'node_modules/@huggingface/tokenizers/dist/tokenizers.mjs')));
const read = name => readFileSync(join(here, name), 'utf8');
const lines = [...JSON.parse(read('lines.json')), ['Heads and neurons, '.repeat(600).slice(0, 10000), null], ['A'.repeat(10000), null], ['ab '.repeat(3333), 'é'.repeat(500)]];

function wordPieces(vocabulary, normalizer) {
  const ids = Object.fromEntries(read(vocabulary).split('\n').slice(0, -1).map((piece, i) => [piece, i]));
  const special = content => ({ id: ids[content], content, single_word: false, lstrip: false, rstrip: false, normalized: false, special: true });
  return {
    version: '1.0', truncation: null, padding: null, added_tokens: ['[PAD]', '[UNK]', '[CLS]', '[SEP]', '[MASK]'].map(special),
    normalizer: { type: 'BertNormalizer', ...normalizer }, pre_tokenizer: { type: 'BertPreTokenizer' },
    post_processor: { type: 'BertProcessing', sep: ['[SEP]', ids['[SEP]']], cls: ['[CLS]', ids['[CLS]']] }, decoder: null,
    model: { type: 'WordPiece', unk_token: '[UNK]', continuing_subword_prefix: '##', max_input_chars_per_word: 100, vocab: ids },
  };
}

function byteLevel(prefixSpace) {
  const json = JSON.parse(read('byte-level/tokenizer.json'));
  json.pre_tokenizer.add_prefix_space = prefixSpace;
  return json;
}

// Of long lines, how many ids and a remainder that they make.
const short = row => row.length <= 200 ? row : { count: row.length, remainder: row.reduce((sum, id) => (sum * 31 + id) % 1000000007, 0) };

const cases = [];
for (const lowercase of [false, true])
  for (const strip_accents of [null, false, true])
    for (const handle_chinese_chars of lowercase ? [true] : [true, false]) {
      const normalizer = { clean_text: true, handle_chinese_chars, strip_accents, lowercase };
      cases.push({ kind: 'cased-vocab.txt', normalizer, tokenizer: wordPieces('cased-vocab.txt', normalizer) });
    }
const usual = { clean_text: true, handle_chinese_chars: true, strip_accents: null, lowercase: true };
cases.push({ kind: 'bert-uncased-vocab.txt', normalizer: usual, tokenizer: wordPieces('bert-uncased-vocab.txt', usual) });
for (const prefixSpace of [false, true])
  cases.push({ kind: 'byte-level', prefixSpace, tokenizer: byteLevel(prefixSpace) });

writeFileSync(join(here, 'expected.json'), `[\n${cases.map(({ tokenizer, ...one }) => {
  const reference = new Tokenizer(tokenizer, {});
  const ids = lines.map(([text, text_pair]) => reference.encode(text, { text_pair }).ids);
  return `${JSON.stringify(one).slice(0, -1)},"ids":[\n${ids.map(row => JSON.stringify(short(row))).join(',\n')}]}`;
}).join(',\n')}\n]\n`);
