const COLON = 0x3a;
const ZERO = 0x30;

/**
 * Takes apart what the scripts pack: strings one after the other, each as `<bytes>:<string>`. `undefined` when it is
 * something else. The parts are views of `packed`.
 */
export function unpack(packed: Uint8Array): Uint8Array[] | undefined {
  const parts: Uint8Array[] = [];
  for (let at = 0; at < packed.length; ) {
    let size = 0;
    const start = at;
    for (; packed[at] !== COLON; at++) {
      const digit = (packed[at] ?? 0) - ZERO;
      if (digit < 0 || digit > 9 || at - start > 9) return undefined;
      size = size * 10 + digit;
    }
    const end = at + 1 + size;
    if (at === start || end > packed.length) return undefined;
    parts.push(packed.subarray(at + 1, end));
    at = end;
  }
  return parts;
}

/** Lua's side of it: `pack(list)`. */
export const PACK = `
local function pack(parts)
  local packed = {}
  for i, part in ipairs(parts) do packed[i] = #part .. ':' .. part end
  return table.concat(packed)
end
`;
