/**
 * The bytes of the index's files → numbers. A file ends with the CRC-32 of all before it.
 */

const CRC = new Uint32Array(256).map((_, byte) => {
  let value = byte;
  for (let bit = 0; bit < 8; bit++) value = value & 1 ? (value >>> 1) ^ 0xedb88320 : value >>> 1;
  return value;
});

/** The file is not what was written: cut short, damaged, or another. */
export class DamagedError extends Error {}

export class ByteReader {
  constructor(bytes, { sealed = true } = {}) {
    this.bytes = sealed ? opened(bytes) : bytes;
    this.at = 0;
  }

  byte() {
    if (this.at >= this.bytes.length) throw new DamagedError("cut short");
    return this.bytes[this.at++];
  }

  /** Seven bits a byte, lowest first; exact up to 2 ** 53. */
  varint() {
    let value = 0;
    let scale = 1;
    for (;;) {
      const byte = this.byte();
      value += (byte & 127) * scale;
      if (byte < 128) return value;
      scale *= 128;
    }
  }

  take(count) {
    if (this.at + count > this.bytes.length) throw new DamagedError("cut short");
    return this.bytes.subarray(this.at, (this.at += count));
  }

  rest() {
    return this.take(this.bytes.length - this.at);
  }
}

function opened(bytes) {
  const end = bytes.length - 4;
  if (end < 0) throw new DamagedError("cut short");
  let crc = 0xffffffff;
  for (let at = 0; at < end; at++) crc = CRC[(crc ^ bytes[at]) & 255] ^ (crc >>> 8);
  const written = bytes[end] | (bytes[end + 1] << 8) | (bytes[end + 2] << 16) | (bytes[end + 3] << 24);
  if (~crc !== written) throw new DamagedError("damaged");
  return bytes.subarray(0, end);
}

/** Sorted words, each as the length it shares with the one before, the length of the rest, the rest. */
export function frontDecode(bytes, count) {
  const reader = new ByteReader(bytes, { sealed: false });
  const decoder = new TextDecoder();
  const words = [];
  let before = new Uint8Array(0);
  for (let left = count; left > 0; left--) {
    const shared = reader.varint();
    const rest = reader.take(reader.varint());
    const word = new Uint8Array(shared + rest.length);
    word.set(before.subarray(0, shared));
    word.set(rest, shared);
    words.push(decoder.decode(word));
    before = word;
  }
  return words;
}

/** Reads one of the two streams of generator/search/bits.py. */
class BitReader {
  constructor(bytes) {
    this.bytes = bytes;
    this.at = 0;
  }

  /** Zeros before the next one. */
  unary() {
    const { bytes } = this;
    let zeros = 0;
    for (;;) {
      const index = this.at >> 3;
      if (index >= bytes.length) throw new DamagedError("cut short");
      const used = this.at & 7;
      const left = (bytes[index] << used) & 255;
      if (left) {
        const run = Math.clz32(left) - 24;
        this.at += run + 1;
        return zeros + run;
      }
      zeros += 8 - used;
      this.at += 8 - used;
    }
  }

  /** The next bits as a number. */
  bits(count) {
    const { bytes } = this;
    let value = 0;
    for (let left = count; left > 0; ) {
      const used = this.at & 7;
      const taken = Math.min(8 - used, left);
      value = (value << taken) | ((bytes[this.at >> 3] >> (8 - used - taken)) & ((1 << taken) - 1));
      this.at += taken;
      left -= taken;
    }
    return value >>> 0;
  }
}

/** Reads codes: unary quotients from one stream, remainders from the other. */
export class CodeReader {
  constructor(unaryBytes, binaryBytes) {
    this.high = new BitReader(unaryBytes);
    this.low = new BitReader(binaryBytes);
  }

  unary() {
    return this.high.unary();
  }

  fixed(width) {
    return this.low.bits(width);
  }

  rice(width) {
    return this.high.unary() * 2 ** width + this.low.bits(width);
  }

  gamma() {
    const width = this.high.unary();
    return 2 ** width + this.low.bits(width);
  }
}

/** `int.bit_length` of a number below 2 ** 32. */
export const bitLength = (value) => 32 - Math.clz32(value);

/** The Rice parameter for the gaps of `count` numbers spread over `universe`. */
export const riceWidth = (universe, count) =>
  bitLength(Math.max(1, Math.floor(Math.floor((11 * universe) / 16) / (count + 1)))) - 1;
