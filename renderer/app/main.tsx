import { catalog } from '../../palette/catalog.ts';
import { connectStudio } from '../bridge/connect-studio.ts';
import { followConnection } from '../bridge/follow-connection.ts';
import { startDesigner } from './start-designer.tsx';

const connection = connectStudio();
followConnection(startDesigner(document.getElementById('root')!, { client: connection, palette: catalog }), connection);
