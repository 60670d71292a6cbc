export interface Mp4Facts {
  format: 'mp4' | 'mov';
  duration: number;
  width: number;
  height: number;
}

interface Box {
  type: string;
  start: number;
  end: number;
}

const HEADER = 8;

/**
 * What an MP4 or QuickTime file says of itself: the duration of its `mvhd`, the size of its first visible track (ISO/IEC 14496-12).
 * null: it is none, or says nothing.
 */
export function readMp4(file: Buffer): Mp4Facts | null {
  const boxes = boxesIn(file, 0, file.length);
  const kind = boxes.find(({ type }) => type === 'ftyp');
  const movie = boxes.find(({ type }) => type === 'moov');
  if (kind?.start !== 0 || movie === undefined) return null;
  const inside = boxesIn(file, movie.start + HEADER, movie.end);
  const head = inside.find(({ type }) => type === 'mvhd');
  const duration = head === undefined ? null : durationOf(file.subarray(head.start + HEADER, head.end));
  if (duration === null) return null;
  const tracks = inside.filter(({ type }) => type === 'trak').map((track) => sizeOf(file, track));
  const visible = tracks.find(({ width }) => width > 0) ?? { width: 0, height: 0 };
  const isQuickTime = file.toString('latin1', 8, 12) === 'qt  ';
  return { format: isQuickTime ? 'mov' : 'mp4', duration, ...visible };
}

function boxesIn(file: Buffer, from: number, to: number): Box[] {
  const boxes: Box[] = [];
  let start = from;
  while (start + HEADER <= to) {
    const size = file.readUInt32BE(start);
    // 0 is "to the end"; 1 is a 64-bit size, of which only the lower half can be here.
    const length = size === 0 ? to - start : size === 1 && start + 16 <= to ? file.readUInt32BE(start + 12) : size;
    if (length < HEADER || start + length > to) return boxes;
    boxes.push({ type: file.toString('latin1', start + 4, start + 8), start, end: start + length });
    start += length;
  }
  return boxes;
}

function durationOf(body: Buffer): number | null {
  const isLong = body[0] === 1;
  if (body.length < (isLong ? 32 : 20)) return null;
  const scale = body.readUInt32BE(isLong ? 20 : 12);
  const units = isLong ? Number(body.readBigUInt64BE(24)) : body.readUInt32BE(16);
  return scale === 0 ? null : units / scale;
}

function sizeOf(file: Buffer, track: Box): { width: number; height: number } {
  const head = boxesIn(file, track.start + HEADER, track.end).find(({ type }) => type === 'tkhd');
  if (head === undefined || head.end - head.start < 92) return { width: 0, height: 0 };
  // The last two fields, as 16.16 fixed point.
  return { width: file.readUInt16BE(head.end - 8), height: file.readUInt16BE(head.end - 4) };
}
