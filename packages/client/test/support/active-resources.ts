/** What keeps this process from ending, without what tsx, which runs it, has under way in newer Nodes: a pipe and its files. */
export function activeResources(): string[] {
  return process
    .getActiveResourcesInfo()
    .filter((kind) => kind !== 'ConnectWrap' && !kind.startsWith('FSReq'))
    .sort();
}
