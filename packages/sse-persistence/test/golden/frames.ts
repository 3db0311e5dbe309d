import type { Frame } from '../../src/frame/index.js';

/** What is in `<name>.sse`, frame by frame. */
export const golden: Readonly<Record<string, readonly Frame[]>> = {
  'all-fields': [{ comment: 'hi', event: 'score', id: 'e1.7', retry: 2000, data: '2:1' }],
  'one-line': [{ data: 'a' }, { data: ' leading space' }, { data: ': no comment' }, { data: 'id: 7' }],
  'line-ends': [{ data: 'a\nb' }, { data: 'a\rb' }, { data: 'a\r\nb' }, { data: '\r\n\n\ra\r' }],
  empty: [{ data: '' }, { data: '\n' }, { id: '' }, { event: '' }, { comment: '' }, {}],
  comments: [{ comment: 'one\ntwo' }, { comment: 'x\r\ndata: forged\r\n\r\n' }],
  priming: [{ comment: '', id: 'Zq3.0', retry: 2417 }],
  unicode: [{ event: 'grüße', id: 'ключ', data: 'a\u2028b\u0085c\ufeff\u0000\u{1f600}' }],
  injection: [{ data: 'x\n\nevent: forged\ndata: y\n\nid: 9' }],
};
