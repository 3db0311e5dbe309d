// The API of @redlane/sse-persistence, written by "pnpm api:update".
export {
};
