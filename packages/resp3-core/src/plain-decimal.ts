/**
 * A number as servers read it: shortest digits that give the same double, never an exponent, `-0` as `0`, infinities as
 * `inf` and `-inf`. NaN has no such form: the caller has refused it.
 */
export function plainDecimal(value: number): string {
  if (value === 0) return '0';
  if (value === Number.POSITIVE_INFINITY) return 'inf';
  if (value === Number.NEGATIVE_INFINITY) return '-inf';
  const text = String(value);
  const mark = text.indexOf('e');
  if (mark === -1) return text;
  const sign = value < 0 ? '-' : '';
  const [whole = '', fraction = ''] = text.slice(sign.length, mark).split('.');
  const exponent = Number(text.slice(mark + 1));
  // An exponent is only printed from 1e21 up and below 1e-6: there are never digits on both sides of the point.
  if (exponent > 0) return sign + whole + fraction.padEnd(exponent, '0');
  return `${sign}0.${'0'.repeat(-exponent - 1)}${whole}${fraction}`;
}
