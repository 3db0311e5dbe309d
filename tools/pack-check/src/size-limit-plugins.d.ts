// The plugins have no declarations of their own.
declare module '@size-limit/*' {
  const plugins: ((...args: unknown[]) => unknown)[];
  export default plugins;
}
