// The API of @redlane/client, written by "pnpm api:update".
export {
};
