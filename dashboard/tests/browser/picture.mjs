// Smaller PNG files: a page has few colours, so its picture does with a palette.
import { crc32, deflateSync, inflateSync } from 'node:zlib';

const COLOURS = 64;
const SIGNATURE = Buffer.from('89504e470d0a1a0a', 'hex');

function* chunks(file) {
  for (let at = 8; at < file.length;) {
    const size = file.readUInt32BE(at);
    yield [file.toString('latin1', at + 4, at + 8), file.subarray(at + 8, at + 8 + size)];
    at += size + 12;
  }
}

function chunk(name, data) {
  const named = Buffer.concat([Buffer.from(name, 'latin1'), data]);
  const [size, sum] = [Buffer.alloc(4), Buffer.alloc(4)];
  size.writeUInt32BE(data.length);
  sum.writeUInt32BE(crc32(named));
  return Buffer.concat([size, named, sum]);
}

/** The colours of all points, as numbers of 24 bits, of a file as the browser writes it: 8 bits a channel, not interlaced. */
function decoded(file) {
  const parts = [...chunks(file)];
  const head = parts.find(([name]) => name === 'IHDR')[1];
  const [width, height, channels] = [head.readUInt32BE(0), head.readUInt32BE(4), head[9] === 6 ? 4 : 3];
  const raw = inflateSync(Buffer.concat(parts.filter(([name]) => name === 'IDAT').map(([, data]) => data)));
  const stride = width * channels;
  const points = new Uint32Array(width * height);
  let above = Buffer.alloc(stride);
  for (let y = 0; y < height; y += 1) {
    const [filter, line] = [raw[y * (stride + 1)], raw.subarray(y * (stride + 1) + 1, (y + 1) * (stride + 1))];
    for (let x = 0; x < stride; x += 1) {
      const [a, b, c] = [x < channels ? 0 : line[x - channels], above[x], x < channels ? 0 : above[x - channels]];
      const [pa, pb, pc] = [Math.abs(b - c), Math.abs(a - c), Math.abs(a + b - 2 * c)];
      const paeth = pa <= pb && pa <= pc ? a : pb <= pc ? b : c;
      line[x] += [0, a, b, (a + b) >> 1, paeth][filter];
    }
    for (let x = 0; x < width; x += 1) points[y * width + x] = line.readUIntBE(x * channels, 3);
    above = line;
  }
  return { width, height, points };
}

/** The same picture with a palette. */
export function smaller(file) {
  const { width, height, points } = decoded(file);
  // Colours that are hardly told apart count as one: the most frequent of them.
  const near = new Map();
  for (const colour of points) {
    const alike = near.get(colour & 0xf8f8f8) ?? new Map();
    near.set(colour & 0xf8f8f8, alike.set(colour, (alike.get(colour) ?? 0) + 1));
  }
  const found = [...near.values()].map((alike) => {
    const [[colour]] = [...alike].sort((a, b) => b[1] - a[1]);
    return [colour, [...alike.values()].reduce((a, b) => a + b)];
  });
  const palette = found.sort((a, b) => b[1] - a[1]).slice(0, COLOURS).map(([colour]) => colour);
  const known = new Map();
  const far = (a, b) => [16, 8, 0].reduce((sum, by) => sum + (((a >> by) & 255) - ((b >> by) & 255)) ** 2, 0);
  const nearest = (colour) => {
    if (!known.has(colour)) known.set(colour, palette.reduce((best, other, n) => (far(colour, other) < far(colour, palette[best]) ? n : best), 0));
    return known.get(colour);
  };
  const lines = Buffer.alloc((width + 1) * height);
  points.forEach((colour, n) => { lines[Math.floor(n / width) + n + 1] = nearest(colour); });
  const [head, colours] = [Buffer.alloc(13), Buffer.alloc(palette.length * 3)];
  head.writeUInt32BE(width, 0);
  head.writeUInt32BE(height, 4);
  head.set([8, 3, 0, 0, 0], 8);
  palette.forEach((colour, n) => colours.writeUIntBE(colour, n * 3, 3));
  return Buffer.concat([SIGNATURE, chunk('IHDR', head), chunk('PLTE', colours), chunk('IDAT', deflateSync(lines, { level: 9 })), chunk('IEND', Buffer.alloc(0))]);
}
