/** Ids of connections whose name begins with `prefix`, from the reply of CLIENT LIST. */
export function connectionIds(list: string, prefix: string): string[] {
  return list.split('\n').flatMap((line) => {
    const fields = new Map(
      line.split(' ').map((word) => [word.slice(0, word.indexOf('=')), word.slice(word.indexOf('=') + 1)]),
    );
    const id = fields.get('id');
    return id !== undefined && fields.get('name')?.startsWith(prefix) ? [id] : [];
  });
}
