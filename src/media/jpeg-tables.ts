/**
 * Many webcams leave the Huffman tables out of their Motion JPEG pictures, because all of them use
 * the same ones; a JPEG on its own is not valid without, and not every viewer forgives it.
 */

const SOI = 0xd8;
const DHT = 0xc4;
const SOS = 0xda;

/** The typical tables of ITU T.81, K.3 to K.6, as one DHT segment: class and id, counts, values. */
const tables = Buffer.concat(
  [
    'ffc401a2',
    '0000010501010101010100000000000000000102030405060708090a0b',
    '0100030101010101010101010000000000000102030405060708090a0b',
    '100002010303020403050504040000017d01020300041105122131410613516107227114328191a1082342b1c115' +
      '52d1f02433627282090a161718191a25262728292a3435363738393a434445464748494a535455565758595a6364' +
      '65666768696a737475767778797a838485868788898a92939495969798999aa2a3a4a5a6a7a8a9aab2b3b4b5b6b7' +
      'b8b9bac2c3c4c5c6c7c8c9cad2d3d4d5d6d7d8d9dae1e2e3e4e5e6e7e8e9eaf1f2f3f4f5f6f7f8f9fa',
    '1100020102040403040705040400010277000102031104052131061241510761711322328108144291a1b1c10923' +
      '3352f0156272d10a162434e125f11718191a262728292a35363738393a434445464748494a535455565758595a63' +
      '6465666768696a737475767778797a82838485868788898a92939495969798999aa2a3a4a5a6a7a8a9aab2b3b4b5' +
      'b6b7b8b9bac2c3c4c5c6c7c8c9cad2d3d4d5d6d7d8d9dae2e3e4e5e6e7e8e9eaf2f3f4f5f6f7f8f9fa',
  ].map((hex) => Buffer.from(hex, 'hex')),
);

/** The same picture, byte for byte, when it has Huffman tables; else a copy with the typical ones. */
export function withHuffmanTables(picture: Buffer): Buffer {
  const at = placeOfMissingTables(picture);
  if (at === undefined) return picture;
  return Buffer.concat([picture.subarray(0, at), tables, picture.subarray(at)]);
}

/** Where the first scan begins, if no tables came before it. */
function placeOfMissingTables(picture: Buffer): number | undefined {
  if (picture[0] !== 0xff || picture[1] !== SOI) return undefined;
  let at = 2;
  while (at + 4 <= picture.length && picture[at] === 0xff) {
    const marker = picture[at + 1];
    if (marker === DHT) return undefined;
    if (marker === SOS) return at;
    // A fill byte may stand before a marker.
    at += marker === 0xff ? 1 : 2 + picture.readUInt16BE(at + 2);
  }
  return undefined;
}
