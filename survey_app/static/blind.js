// Exchanges an invitation code for a permit that the server signs without seeing it, and begins with it later.
// RSABSSA-SHA384-PSS-Randomized of RFC 9474. Somebody else must examine this before use: docs/invitations.md.
// The program strips comments and indentation (web/respondent/script.py): no text goes over several lines.
'use strict';
(self => {
  const doc = self.document;
  const HASH_BYTES = 48;

  // ---- numbers: big-endian bytes, as hexadecimal digits on the way

  const hex = bytes => Array.from(bytes, byte => byte.toString(16).padStart(2, '0')).join('');
  const bytesOf = digits => Uint8Array.from(digits.match(/../g) || [], pair => parseInt(pair, 16));
  const numberOf = bytes => BigInt(`0x${hex(bytes)}`);
  const joined = (...parts) => Uint8Array.from(parts.flatMap(part => [...part]));
  const random = size => crypto.getRandomValues(new Uint8Array(size));
  const digest = async (kind, bytes) => new Uint8Array(await crypto.subtle.digest(kind, bytes));
  const hashed = bytes => digest('SHA-384', bytes);
  const power = (base, exponent, modulus) => {
    let result = 1n;
    let square = base % modulus;
    for (let left = exponent; left; left /= 2n) {
      if (left % 2n) result = result * square % modulus;
      square = square * square % modulus;
    }
    return result;
  };
  const inverse = (value, modulus) => {
    let [a, b, x, y] = [value, modulus, 1n, 0n];
    while (b) {
      const times = a / b;
      [a, b, x, y] = [b, a - times * b, y, x - times * y];
    }
    return a === 1n ? (x % modulus + modulus) % modulus : 0n;
  };
  const below = modulus => {
    const size = modulus.toString(16).length / 2 + 8;
    return numberOf(random(Math.ceil(size))) % (modulus - 2n) + 2n;
  };

  // ---- the permit: RFC 8017, 9.1.1; RFC 9474, 4.2 and 4.4

  const encode = async (message, bits, salt) => {
    const size = Math.ceil(bits / 8);
    const hash = await hashed(joined(new Uint8Array(8), await hashed(message), salt));
    const block = joined(new Uint8Array(size - salt.length - HASH_BYTES - 2), [1], salt);
    const mask = [];
    for (let count = 0; mask.length < block.length; count++) mask.push(...await hashed(joined(hash, [0, 0, 0, count])));
    const masked = block.map((byte, n) => byte ^ mask[n]);
    masked[0] %= 2 ** (bits - 8 * (size - 1));
    return joined(masked, hash, [188]);
  };
  const blind = async (key, message, salt, factor) => {
    const number = numberOf(await encode(message, key.n.toString(2).length - 1, salt));
    const back = inverse(factor, key.n);
    if (!back || !inverse(number, key.n)) throw Error('by chance of no use');
    return { number, back, sent: number * power(factor, key.e, key.n) % key.n };
  };
  // 0 where the server did not sign what was sent.
  const finalize = (key, { number, back }, answer) => {
    const signature = answer * back % key.n;
    return power(signature, key.e, key.n) === number ? signature : 0n;
  };
  self.permits = { bytesOf, hex, numberOf, encode, blind, finalize };

  // ---- the device: one permit for a study

  const study = location.pathname.split('/')[2];
  const name = `permit ${study}`;
  const load = () => {
    try {
      return JSON.parse(localStorage.getItem(name)) || {};
    } catch {
      return {};
    }
  };
  const keep = permit => localStorage.setItem(name, JSON.stringify(permit));
  const forget = () => localStorage.removeItem(name);

  // ---- the page

  const $ = id => doc.getElementById(id);
  const show = (id, visible) => { $(id).hidden = !visible; };
  const thumbprint = async spec => {
    const text = btoa(String.fromCharCode(...bytesOf(spec.n))).replace(/[+]/g, '-').replace(/[/]/g, '_').replace(/[=]/g, '');
    const json = `{"e":"AQAB","kty":"RSA","n":"${text}"}`;
    return hex(await digest('SHA-256', new TextEncoder().encode(json))).slice(0, 20);
  };
  const begin = async spec => {
    const key = { n: BigInt(`0x${spec.n}`), e: 65537n };
    const size = spec.n.length;
    const digits = number => number.toString(16).padStart(size, '0');
    const print = await thumbprint(spec);
    const [code, seen] = decodeURIComponent(location.hash.slice(1)).split('.');
    history.replaceState(0, '', location.pathname + location.search);
    if (seen && seen !== print) {
      $('needs').textContent = spec.other;
      return;
    }
    if (spec.spent) forget();
    const draw = () => {
      const { message, signature } = load();
      show('needs', false);
      show('f', !signature);
      show('have', signature);
      $('message').value = message || '';
      $('signature').value = signature || '';
      if (code && !$('code').value) $('code').value = code;
    };
    const fresh = async () => {
      const message = random(64);
      const { number, back, sent } = await blind(key, message, random(HASH_BYTES), below(key.n));
      return { print, message: hex(message), number: digits(number), back: digits(back), sent: digits(sent) };
    };
    const tell = problem => {
      $('e-code').textContent = problem;
      show('e-code', problem);
    };
    const exchange = async () => {
      let permit = load();
      if (permit.print !== print) permit = await fresh();
      // Kept before it is sent: when the answer gets lost, the same is asked for again.
      keep(permit);
      const body = new URLSearchParams({ code: $('code').value, blinded: permit.sent });
      const answer = await fetch($('f').action, { method: 'POST', credentials: 'omit', body });
      const said = await answer.json();
      if (!answer.ok) return tell(said.do);
      const back = { number: BigInt(`0x${permit.number}`), back: BigInt(`0x${permit.back}`) };
      const signature = finalize(key, back, BigInt(`0x${said.signed}`));
      if (!signature) return tell(spec.failed);
      keep({ print, message: permit.message, signature: digits(signature) });
      tell('');
      draw();
      $('have').focus();
    };
    $('f').addEventListener('submit', event => {
      event.preventDefault();
      exchange().catch(() => tell(spec.failed));
    });
    draw();
  };
  const state = $('blind');
  if (state) begin(JSON.parse(state.textContent)).catch(() => 0);
  else forget();
})(self);
