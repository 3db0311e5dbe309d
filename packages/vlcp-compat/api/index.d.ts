// The API of @redlane/vlcp-compat, written by "pnpm api:update".
export {
};
