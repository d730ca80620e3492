"use strict";
// Solves a challenge of the ALTCHA protocol, version 1: the number whose SHA-256, after the salt,
// is the one that is looked for. Written out, since browsers lend theirs to secure pages only.
const K = new Uint32Array(64);
const START = new Uint32Array(8);
{
  // The first bits of the fractional parts of roots of primes (FIPS 180-4, 4.2.2 and 5.3.3).
  let found = 0;
  for (let n = 2; found < 64; n++) {
    let prime = true;
    for (let d = 2; d * d <= n; d++) if (n % d === 0) { prime = false; break; }
    if (!prime) continue;
    if (found < 8) START[found] = fraction(Math.sqrt(n));
    K[found++] = fraction(Math.cbrt(n));
  }
}

function fraction(root) {
  return ((root - Math.floor(root)) * 4294967296) >>> 0;
}

const W = new Uint32Array(64);

function sha256(text) {
  const bits = text.length * 8;
  const blocks = ((text.length + 8) >> 6) + 1;
  const bytes = new Uint8Array(blocks * 64);
  for (let i = 0; i < text.length; i++) bytes[i] = text.charCodeAt(i);
  bytes[text.length] = 0x80;
  const view = new DataView(bytes.buffer);
  view.setUint32(bytes.length - 4, bits);
  const h = START.slice();
  for (let block = 0; block < blocks; block++) {
    for (let i = 0; i < 16; i++) W[i] = view.getUint32(block * 64 + i * 4);
    for (let i = 16; i < 64; i++) {
      const a = W[i - 15], b = W[i - 2];
      const s0 = (a >>> 7 | a << 25) ^ (a >>> 18 | a << 14) ^ a >>> 3;
      const s1 = (b >>> 17 | b << 15) ^ (b >>> 19 | b << 13) ^ b >>> 10;
      W[i] = W[i - 16] + s0 + W[i - 7] + s1;
    }
    let [a, b, c, d, e, f, g, last] = h;
    for (let i = 0; i < 64; i++) {
      const s1 = (e >>> 6 | e << 26) ^ (e >>> 11 | e << 21) ^ (e >>> 25 | e << 7);
      const t1 = last + s1 + (e & f ^ ~e & g) + K[i] + W[i] | 0;
      const s0 = (a >>> 2 | a << 30) ^ (a >>> 13 | a << 19) ^ (a >>> 22 | a << 10);
      const t2 = s0 + (a & b ^ a & c ^ b & c) | 0;
      last = g; g = f; f = e; e = d + t1 | 0;
      d = c; c = b; b = a; a = t1 + t2 | 0;
    }
    h[0] += a; h[1] += b; h[2] += c; h[3] += d; h[4] += e; h[5] += f; h[6] += g; h[7] += last;
  }
  return h;
}

onmessage = ({ data: challenge }) => {
  const wanted = challenge.challenge.match(/.{8}/g).map(word => parseInt(word, 16));
  for (let number = 0; number <= challenge.maxnumber; number++) {
    const hash = sha256(challenge.salt + number);
    if (hash[0] === wanted[0] && hash.every((word, i) => word === wanted[i])) {
      postMessage(btoa(JSON.stringify({
        algorithm: challenge.algorithm,
        challenge: challenge.challenge,
        number,
        salt: challenge.salt,
        signature: challenge.signature
      })));
      return;
    }
  }
  postMessage("");
};
