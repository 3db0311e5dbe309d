// The API of @redlane/pubsub-manager, written by "pnpm api:update".
export {
};
