export { type DocumentFormat, formatOf, parseDocument } from "./document.ts";
export { createFeed, type Feed, type FeedEvent, type FeedOptions, type SourceStatus } from "./feed.ts";
export { FlagSyncError, type FlagSyncErrorCode, flagSyncErrorCodes } from "./flag-sync-error.ts";
export { parseSelector, type Selector, type SelectorResult, selectorMetadata } from "./selector.ts";
export {
  changesBetween,
  type FlagChange,
  type FlagChanges,
  type FlagSnapshot,
  type FlagView,
  type StoredFlag,
} from "./snapshot.ts";
export type {
  FlagPayload,
  FlagSource,
  OAuthConfig,
  SourceConfig,
  SourceDeps,
  SourceState,
} from "./source.ts";
export { parseSourceList } from "./source-list.ts";
export { parseSourceUri } from "./source-uri.ts";
export { createSource, knownProviders, type SourceProvider, sources } from "./sources/index.ts";
export { createFlagStore, type FlagStore, type SnapshotListener, type UpdateResult } from "./store.ts";
export { toSyncDocument } from "./sync-document.ts";
