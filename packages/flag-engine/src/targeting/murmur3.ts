const c1 = 0xcc9e2d51;
const c2 = 0x1b873593;

/** MurmurHash3 x86 32-bit with seed 0 over the UTF-8 bytes of the text, as an unsigned number. */
export function murmur3(text: string): number {
  const length = text.length;
  let hash = 0;
  let i = 0;
  for (; i + 3 < length; i += 4) {
    const a = text.charCodeAt(i);
    const b = text.charCodeAt(i + 1);
    const c = text.charCodeAt(i + 2);
    const d = text.charCodeAt(i + 3);
    if ((a | b | c | d) > 0x7f) return murmur3Bytes(utf8(text));
    hash = mixBlock(hash, a | (b << 8) | (c << 16) | (d << 24));
  }
  let tail = 0;
  for (let shift = 0; i < length; i++, shift += 8) {
    const unit = text.charCodeAt(i);
    if (unit > 0x7f) return murmur3Bytes(utf8(text));
    tail |= unit << shift;
  }
  return finish(hash, tail, length);
}

/** The hash of `prefix + text` for many texts: the prefix is hashed once, and the two are not put together. */
export function murmur3After(prefix: string): (text: string) => number {
  const bytes = utf8(prefix);
  const blocks = bytes.length & ~3;
  let start = 0;
  for (let i = 0; i < blocks; i += 4) start = mixBlock(start, word(bytes, i));
  const startTail = word(bytes, blocks);
  const startShift = (bytes.length - blocks) * 8;
  return (text) => {
    let hash = start;
    let tail = startTail;
    let shift = startShift;
    for (let i = 0; i < text.length; i++) {
      const unit = text.charCodeAt(i);
      if (unit > 0x7f) return murmur3(prefix + text);
      tail |= unit << shift;
      shift += 8;
      if (shift === 32) {
        hash = mixBlock(hash, tail);
        tail = 0;
        shift = 0;
      }
    }
    return finish(hash, tail, bytes.length + text.length);
  };
}

function murmur3Bytes(bytes: readonly number[]): number {
  const blocks = bytes.length & ~3;
  let hash = 0;
  for (let i = 0; i < blocks; i += 4) hash = mixBlock(hash, word(bytes, i));
  return finish(hash, word(bytes, blocks), bytes.length);
}

function word(bytes: readonly number[], at: number): number {
  return (bytes[at] ?? 0) | ((bytes[at + 1] ?? 0) << 8) | ((bytes[at + 2] ?? 0) << 16) | ((bytes[at + 3] ?? 0) << 24);
}

function mixBlock(hash: number, block: number): number {
  let k = Math.imul(block, c1);
  k = (k << 15) | (k >>> 17);
  const mixed = hash ^ Math.imul(k, c2);
  return (Math.imul((mixed << 13) | (mixed >>> 19), 5) + 0xe6546b64) | 0;
}

function finish(hash: number, tail: number, byteLength: number): number {
  let k = Math.imul(tail, c1);
  k = (k << 15) | (k >>> 17);
  let h = hash ^ Math.imul(k, c2) ^ byteLength;
  h = Math.imul(h ^ (h >>> 16), 0x85ebca6b);
  h = Math.imul(h ^ (h >>> 13), 0xc2b2ae35);
  return (h ^ (h >>> 16)) >>> 0;
}

/** The UTF-8 bytes; a lone surrogate becomes U+FFFD, as in Go's JSON decoder. */
function utf8(text: string): number[] {
  const bytes: number[] = [];
  for (const character of text) {
    let point = character.codePointAt(0) ?? 0;
    if (point >= 0xd800 && point <= 0xdfff) point = 0xfffd;
    if (point < 0x80) bytes.push(point);
    else if (point < 0x800) bytes.push(0xc0 | (point >> 6), continuation(point));
    else if (point < 0x10000) bytes.push(0xe0 | (point >> 12), continuation(point >> 6), continuation(point));
    else bytes.push(0xf0 | (point >> 18), continuation(point >> 12), continuation(point >> 6), continuation(point));
  }
  return bytes;
}

function continuation(bits: number): number {
  return 0x80 | (bits & 0x3f);
}
