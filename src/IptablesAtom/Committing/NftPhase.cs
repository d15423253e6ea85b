namespace IptablesAtom.Committing;

/// <summary>The order of the messages in a batch: what others refer to comes before them, and goes after them.</summary>
internal enum NftPhase
{
    /// <summary>NEWTABLE.</summary>
    Tables,

    /// <summary>NEWCHAIN: rules and elements that jump to a chain come later.</summary>
    Chains,

    /// <summary>DELRULE of all chains: until then sets, objects and chains are in use.</summary>
    DeleteRules,

    /// <summary>DELSETELEM, DELSET, DELOBJ, DELFLOWTABLE.</summary>
    DeleteObjects,

    /// <summary>DELCHAIN: EBUSY while a rule or element jumps there.</summary>
    DeleteChains,

    /// <summary>NEWCHAIN of a name that was just deleted.</summary>
    RemadeChains,

    /// <summary>NEWFLOWTABLE, NEWOBJ, NEWSET, NEWSETELEM.</summary>
    Objects,

    /// <summary>NEWRULE of chains with a RATEEST target.</summary>
    Estimators,

    /// <summary>NEWRULE.</summary>
    Rules,

    /// <summary>DELTABLE.</summary>
    DeleteTables,
}
