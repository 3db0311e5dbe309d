// The API of @redlane/channel, written by "pnpm api:update".
export {
};
