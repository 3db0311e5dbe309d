import { library } from '@redlane/presets/tsup';

export default library();
