// Stands in for @types/node.
declare class Buffer extends Uint8Array {}
