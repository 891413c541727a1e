import { Buffer } from 'node:buffer';
import { crc32, deflateRawSync } from 'node:zlib';

export interface RawEntry {
  readonly name: string;
  /** In the local header, where it is another one. */
  readonly localName?: string;
  readonly data?: Uint8Array;
  /** As the headers give it; absent: the truth. */
  readonly declaredSize?: number;
  /** Unix mode. */
  readonly mode?: number;
  readonly encrypted?: boolean;
}

/** An archive exactly as told, however wrong. `count`: what its end record says. `between`, `after`: data that belong to no file. */
export function rawZip(
  entries: readonly RawEntry[],
  extra: {
    readonly count?: number;
    readonly between?: string;
    readonly after?: string;
    readonly comment?: string;
  } = {},
): Buffer {
  const locals: Buffer[] = [];
  const central: Buffer[] = [];
  let offset = 0;
  for (const {
    name,
    localName = name,
    data = Buffer.from('{}'),
    declaredSize,
    mode = 0o100644,
    encrypted,
  } of entries) {
    const packed = deflateRawSync(data);
    const fields = (bytes: string): Buffer => {
      const header = Buffer.alloc(26);
      header.writeUInt16LE(20, 0);
      header.writeUInt16LE(encrypted ? 1 : 0, 2);
      header.writeUInt16LE(8, 4);
      header.writeUInt32LE(crc(data), 10);
      header.writeUInt32LE(packed.length, 14);
      header.writeUInt32LE(declaredSize ?? data.length, 18);
      header.writeUInt16LE(Buffer.byteLength(bytes), 22);
      return header;
    };
    const local = Buffer.concat([Buffer.from('PK\x03\x04'), fields(localName), Buffer.from(localName), packed]);
    const tail = Buffer.alloc(14);
    tail.writeUInt32LE((mode << 16) >>> 0, 6);
    tail.writeUInt32LE(offset, 10);
    central.push(Buffer.from('PK\x01\x02'), Buffer.from([20, 3]), fields(name), tail, Buffer.from(name));
    locals.push(local, Buffer.from(extra.between ?? ''));
    offset += local.length + Buffer.byteLength(extra.between ?? '');
  }
  const directory = Buffer.concat(central);
  const end = Buffer.alloc(22);
  end.write('PK\x05\x06', 'latin1');
  end.writeUInt16LE(extra.count ?? entries.length, 8);
  end.writeUInt16LE(extra.count ?? entries.length, 10);
  end.writeUInt32LE(directory.length, 12);
  end.writeUInt32LE(offset, 16);
  end.writeUInt16LE(Buffer.byteLength(extra.comment ?? ''), 20);
  return Buffer.concat([...locals, directory, end, Buffer.from(extra.comment ?? ''), Buffer.from(extra.after ?? '')]);
}

const crc = (data: Uint8Array): number => crc32(data) >>> 0;
